import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results',
  timeout: 240_000,
  expect: { timeout: 20_000 },
  workers: 1,
  // A test that passes the second time is reported as flaky, and looked at; it holds nobody else's work up.
  retries: 2,
  fullyParallel: false,
  forbidOnly: true,
  reporter: [['list']],
  use: { actionTimeout: 15_000, trace: 'retain-on-failure', screenshot: 'only-on-failure' },
  projects: [
    { name: 'web', testIgnore: '**/*.desktop.spec.ts' },
    { name: 'electron', testMatch: ['**/*.desktop.spec.ts', '**/first-two-minutes.spec.ts', '**/assistant.spec.ts'] },
  ],
})
