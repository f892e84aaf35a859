/**
 * Formats of strings as expressions. `date`, `time`, `date-time`, `uuid`, `ipv4`, `ipv6`, `uri` hold all that RFC 3339, 4122, 2673,
 * 4291 and 3986 allow, but leap seconds, small t and z (who writes a time should not use them) and addresses of future versions;
 * `hostname` (four labels at most) and `email` (no quotes, no address of a machine) the usual part of theirs.
 */
const month31 = '(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])'
const month30 = '(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)'
const february = '02-(?:0[1-9]|1\\d|2[0-8])'
const leapYear = '(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)'
const date = `(?:\\d{4}-(?:${month31}|${month30}|${february})|${leapYear}-02-29)`
const hour = '(?:[01]\\d|2[0-3])'
const time = `${hour}:[0-5]\\d:[0-5]\\d(?:\\.\\d{1,9})?(?:Z|[+\\-]${hour}:[0-5]\\d)`
const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const ipv4 = `${octet}(?:\\.${octet}){3}`
const group = '[0-9a-fA-F]{1,4}'
const label = '[A-Za-z0-9](?:[A-Za-z0-9\\-]{0,61}[A-Za-z0-9])?'

/** `count` or fewer groups, each with a colon behind it. */
const groups = (count: number): string => `(?:${group}:){0,${count}}`
// `before` groups in front of "::" leave at most 6 - before behind it, or two less and an IPv4 address.
const shortened = Array.from({ length: 7 }, (_, before) => {
  const left = before === 0 ? ':' : `${group}(?::${group}){${before - 1},${before - 1}}:`
  const mixed = before <= 5 ? `|${groups(5 - before)}${ipv4}` : ''
  return `${left}:(?:${groups(6 - before)}${group}${mixed})?`
})
const ipv6 = `(?:${group}(?::${group}){7}|(?:${group}:){6}${ipv4}|${group}(?::${group}){6}::|${shortened.join('|')})`

// RFC 3986.
const character = "[A-Za-z0-9._~!$&'()*+,;=\\-]"
const encoded = '%[0-9A-Fa-f]{2}'
const segment = `(?:${character}|[:@]|${encoded})`
const host = `(?:\\[${ipv6}\\]|(?:${character}|${encoded})*)`
const authority = `(?:(?:${character}|:|${encoded})*@)?${host}(?::\\d*)?`
const path = `(?://${authority}(?:/${segment}*)*|/?${segment}${segment}*(?:/${segment}*)*|/)?`
const query = `(?:${segment}|[/?])*`

const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\-]"

export const FORMATS: Readonly<Record<string, string>> = {
  date,
  time,
  'date-time': `${date}T${time}`,
  uuid: '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}',
  ipv4,
  ipv6,
  hostname: `${label}(?:\\.${label}){0,3}`,
  email: `${atom}{1,32}(?:\\.${atom}{1,16}){0,2}@${label}(?:\\.${label}){1,3}`,
  uri: `[A-Za-z][A-Za-z0-9+.\\-]*:${path}(?:\\?${query})?(?:#${query})?`,
}
