/** What a browser without a session sees: no script, and the same on every address. */
export function noSessionPage(reason: 'none' | 'spent'): string {
  const said =
    reason === 'spent'
      ? 'This link was used already, or is older than ten minutes.'
      : 'This browser is not connected to the studio yet.'
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Open Tessera Studio</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<style>
  :root { color: #1d2126; background: #f6f7f9; font: 15px/1.55 system-ui, sans-serif; }
  body { display: grid; place-items: center; min-height: 100vh; margin: 0; padding: 24px; box-sizing: border-box; }
  main { max-width: 440px; }
  h1 { font-size: 20px; line-height: 1.3; margin: 16px 0 8px; }
  p { margin: 0 0 12px; color: #4b525c; }
  code { font: 13px ui-monospace, monospace; background: #e7e9ee; border-radius: 4px; padding: 2px 5px; color: inherit; }
  @media (prefers-color-scheme: dark) {
    :root { color: #e8eaed; background: #16181c; }
    p { color: #a9b0ba; }
    code { background: #262a31; }
  }
</style>
</head>
<body>
<main>
<img src="/icon.svg" width="40" height="40" alt="">
<h1>Open the studio with its link</h1>
<p>${said} For your safety the studio opens only with a link that works once.</p>
<p>A new link has been printed in the terminal where the studio runs. Open that one. If there is none, start the studio
again with <code>npm start</code> or <code>npm run serve</code>.</p>
</main>
</body>
</html>
`
}
