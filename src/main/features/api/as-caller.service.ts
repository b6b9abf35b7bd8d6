import type { VerifyEndUser } from '../end-users/verify-end-user'
import { type Credentials, type Identified, identify } from './api-caller.service'
import { type ApiProject, type ApiProjects, OutdatedProject } from './api-projects.service'

/** Somebody who edits the schema all the time keeps nobody from being answered. */
const attempts = 10

/** Again when keys, rules or tables changed meanwhile: nothing was done then. */
export async function upToDate<T>(projects: ApiProjects, ref: string | null, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof OutdatedProject) || ref === null || attempt === attempts) throw error
      projects.forget(ref)
    }
  }
}

/** Does it for whom the credentials stand for now; null when that is nobody any more. */
export type AsCaller = <T>(
  work: (who: { readonly project: ApiProject; readonly who: Identified }) => Promise<T>,
) => Promise<T | null>

/** For what goes on longer than a call: keys are revoked meanwhile, sign-ins end, and tokens are renewed. */
export function asCaller(
  { projects, verify }: { readonly projects: ApiProjects; readonly verify: VerifyEndUser },
  ref: string,
  credentials: () => Credentials,
): AsCaller {
  return (work) =>
    upToDate(projects, ref, async () => {
      const project = await projects.find(ref)
      const found = project && (await identify(project, credentials(), verify))
      return project && found?.kind === 'known' ? work({ project, who: found.who }) : null
    })
}
