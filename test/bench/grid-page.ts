import type { Locator, Page } from '@playwright/test'

/** What a person does with a grid, and what the page says of it meanwhile. */

const scrollMs = 5_000

/** Milliseconds from the click to the frame after the first record is there; then back to the other table. */
export async function openByClick(page: Page): Promise<number> {
  const sidebar = page.getByRole('complementary', { name: 'Tables' })
  await page.evaluate(() => {
    const first = () => document.querySelector('[aria-label="Records of customers"] [data-row="0"]')
    const painted = new Promise<number>((done) => {
      document.addEventListener(
        'click',
        () => {
          const start = performance.now()
          const look = () =>
            first()?.textContent?.includes('Customer 0')
              ? requestAnimationFrame(() => done(performance.now() - start))
              : requestAnimationFrame(look)
          look()
        },
        { capture: true, once: true },
      )
    })
    Object.assign(window, { painted })
  })
  await sidebar.getByRole('link', { name: 'customers' }).click()
  const took = await page.evaluate<number>(() => Reflect.get(window, 'painted'))
  await sidebar.getByRole('link', { name: 'users' }).click()
  await page.getByRole('grid', { name: 'Records of users' }).waitFor()
  return took
}

/** The intervals between the frames that the page had while `work` ran, in milliseconds. */
export async function frames(page: Page, work: () => Promise<void>): Promise<readonly number[]> {
  await page.evaluate(() => {
    const seen: number[] = []
    let last: number | null = null
    const next = (now: number) => {
      if (last !== null) seen.push(now - last)
      last = now
      if (!Reflect.get(window, 'framesEnd')) requestAnimationFrame(next)
    }
    Object.assign(window, { framesSeen: seen, framesEnd: false })
    requestAnimationFrame(next)
  })
  await work()
  return page.evaluate<readonly number[]>(() => {
    Object.assign(window, { framesEnd: true })
    return Reflect.get(window, 'framesSeen')
  })
}

/** Mostly down, and now and then back up. */
export async function wheel(page: Page, scroller: Locator, step: number): Promise<void> {
  await scroller.hover()
  const end = Date.now() + scrollMs
  for (let turn = 0; Date.now() < end; turn += 1) await page.mouse.wheel(0, turn % 120 < 100 ? step : -2 * step)
  await expectScrolled(scroller)
}

/** Takes the thumb at the top and leads it to the bottom and half-way back. */
export async function dragScrollbar(page: Page, scroller: Locator): Promise<void> {
  await scroller.evaluate((element) => {
    element.scrollTop = 0
  })
  const box = await scroller.boundingBox()
  if (!box) throw new Error('There is nothing to scroll')
  const x = box.x + box.width - 4
  await page.mouse.move(x, box.y + 6)
  await page.mouse.down()
  const start = Date.now()
  for (let at = 0; at < 1; at = (Date.now() - start) / scrollMs) {
    const way = at < 2 / 3 ? at * 1.5 : 1 - (at - 2 / 3) * 1.5
    await page.mouse.move(x, box.y + 6 + way * (box.height - 12))
  }
  await page.mouse.up()
  await expectScrolled(scroller)
}

async function expectScrolled(scroller: Locator): Promise<void> {
  const top = await scroller.evaluate((element) => element.scrollTop)
  if (top < 5_000) throw new Error(`Only ${top} px were scrolled, so the frames tell nothing`)
}

export async function heap(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return usedSize
}
