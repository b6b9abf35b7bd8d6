/** What went wrong with the encryption of a connection, in words; null when it was something else. */
export function tlsFailure(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (error.message === noTlsMessage)
    return 'The server takes no encrypted connections. Turn TLS off for it, or turn it on there.'
  if (untrusted.has(code))
    return 'The certificate of the server is signed by nobody that this machine knows. Give the certificate of its authority, or encrypt without checking it.'
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return 'The certificate of the server is for another host name. Connect by the name that it is for, or encrypt without checking it.'
  if (code === 'CERT_HAS_EXPIRED') return 'The certificate of the server has expired. It has to be renewed there.'
  if (code === 'CERT_NOT_YET_VALID')
    return 'The certificate of the server is not valid yet. See whether the clocks of both machines are right.'
  if (/^ERR_(OSSL|SSL)/.test(code) || code === 'EPROTO')
    return 'The encrypted connection could not be made. Check the certificate, and which versions of TLS the server takes.'
  return null
}

/** Of pg/lib/connection.js, which gives it no code. */
const noTlsMessage = 'The server does not support SSL connections'

const untrusted = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
  'CERT_SIGNATURE_FAILURE',
])
