import { createHash } from 'node:crypto'

/** The pages behind the links in mails, for apps that have no page of their own. They run no script. */

const style = `:root{color-scheme:light dark;--line:#8a8f98;--text:#16181d;--bg:#fff;--accent:#1f6f5c}
@media (prefers-color-scheme:dark){:root{--text:#e7e9ee;--bg:#16181d;--accent:#4fbf9f;--line:#7b818c}}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--bg);color:var(--text);font:15px/22px system-ui,sans-serif}
main{width:min(360px,calc(100vw - 48px))}h1{font-size:20px;line-height:28px;margin:0 0 8px}p{margin:0 0 16px}
label{display:block;font-size:13px;margin-bottom:4px}input{box-sizing:border-box;width:100%;height:36px;padding:0 10px;border:1px solid var(--line);border-radius:6px;background:transparent;color:inherit;font:inherit}
button{margin-top:16px;height:36px;padding:0 14px;border:0;border-radius:6px;background:var(--accent);color:var(--bg);font:inherit;font-weight:600;cursor:pointer}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}`

const styleHash = createHash('sha256').update(style).digest('base64')

export function noticePage(title: string, sentence: string, status = 200): Response {
  return page(title, `<p>${escaped(sentence)}</p>`, status)
}

/** A form that sends the new password together with the token of the mail. */
export function passwordPage(action: string, token: string, type: string, problem: string | null): Response {
  const alert = problem === null ? '' : `<p role="alert">${escaped(problem)}</p>`
  return page(
    'Choose a new password',
    `${alert}<form method="post" action="${escaped(action)}">
      <input type="hidden" name="token" value="${escaped(token)}"><input type="hidden" name="type" value="${escaped(type)}">
      <label for="password">New password</label>
      <input id="password" name="password" type="password" autocomplete="new-password" required autofocus>
      <button>Save password</button></form>`,
    problem === null ? 200 : 422,
  )
}

function page(title: string, content: string, status: number): Response {
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title><style>${style}</style><main><h1>${escaped(title)}</h1>${content}</main></html>`
  return new Response(html, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    },
  })
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
