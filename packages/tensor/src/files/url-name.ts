/** URLs without their secrets: signed links carry access tokens in the query, and error messages go to logs. */

/** As messages may show it: without user, password, query and fragment; data URLs without their data. */
export function urlName(url: string | URL): string {
  const text = `${url}`
  if (/^data:/i.test(text)) return 'data:…'
  const path = text.replace(/[?#].*$/s, '')
  return path.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1')
}

/** The URL of a file in the folder that `url` names; a query stays, a fragment goes. */
export function joinUrl(url: string, file: string): string {
  const [, path, query = ''] = /^([^?#]*)(\?[^#]*)?/.exec(url)!
  return `${path!.replace(/\/+$/, '')}/${encodeURIComponent(file)}${query}`
}

/** The URL of the folder that holds the file of `url`, and the file's name there. */
export function splitUrl(url: string): { folder: string; file: string } {
  const [, path, query = ''] = /^([^?#]*)(\?[^#]*)?/.exec(url)!
  const slash = path!.lastIndexOf('/')
  return { folder: `${path!.slice(0, slash)}${query}`, file: decode(path!.slice(slash + 1)) }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
