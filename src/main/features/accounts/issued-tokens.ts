import { type AccessTokens, accessTokenLifetime } from './access-token'
import type { NewSession } from './accounts.service'

/** What a program is given for a new session. */
export async function issuedTokens(
  accessTokens: AccessTokens,
  { principal: { account, sessionId }, refreshToken }: NewSession,
) {
  return {
    user: account,
    access_token: await accessTokens.issue({ accountId: account.id, sessionId }),
    refresh_token: refreshToken,
    expires_in: accessTokenLifetime,
  }
}
