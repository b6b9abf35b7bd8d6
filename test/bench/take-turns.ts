import { median, ms, percentile, timed } from './statistics'

export type Work = (round: number) => Promise<unknown>

/** Milliseconds of each contender, which take turns so that all of them meet the same machine. */
export async function takeTurns<Name extends string>(
  contenders: Readonly<Record<Name, Work>>,
  { rounds, warm = 10 }: { readonly rounds: number; readonly warm?: number },
): Promise<Readonly<Record<Name, readonly number[]>>> {
  const names = Object.keys(contenders) as Name[]
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as unknown as Record<Name, number[]>
  for (let round = 0; round < warm + rounds; round++) {
    for (const name of names) {
      const took = await timed(() => contenders[name](round))
      if (round >= warm) times[name].push(took)
    }
  }
  return times
}

export function ratio(ours: readonly number[], theirs: readonly number[]): string {
  return (median(ours) / median(theirs)).toFixed(2)
}

/** Median and 95th percentile. */
export function figures(times: readonly number[]): string {
  return `${ms(median(times)).padStart(8)} (p95 ${ms(percentile(times, 0.95))})`
}
