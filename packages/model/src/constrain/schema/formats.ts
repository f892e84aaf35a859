/**
 * Formats of strings as expressions. `date`, `time`, `date-time`, `uuid`, `ipv4`, `ipv6` hold all that RFC 3339, 4122, 2673
 * and 4291 allow, but leap seconds; `hostname` (four labels at most), `email` and `uri` the usual part of theirs.
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

const shortened = Array.from({ length: 7 }, (_, before) => {
  const after = 6 - before
  const left = before === 0 ? ':' : `${group}(?::${group}){${before - 1}}:`
  return `${left}:(?:${group}(?::${group}){0,${after}})?`
})
const ipv6 = `(?:${group}(?::${group}){7}|${shortened.join('|')})`.replaceAll('{0}', '{0,0}')

export const FORMATS: Readonly<Record<string, string>> = {
  date,
  time,
  'date-time': `${date}T${time}`,
  uuid: '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}',
  ipv4,
  ipv6,
  hostname: `${label}(?:\\.${label}){0,3}`,
  email: `[A-Za-z0-9_+\\-]{1,32}(?:\\.[A-Za-z0-9_+\\-]{1,16}){0,2}@${label}(?:\\.${label}){1,3}`,
  uri: "[a-z][a-z0-9+\\-]{1,15}://[A-Za-z0-9\\-]{1,63}(?:\\.[A-Za-z0-9\\-]{1,63}){0,4}(?::\\d{1,5})?(?:/[A-Za-z0-9._~!$&'()*+,;=:@\\-]*)*(?:\\?[A-Za-z0-9._~!$&'()*+,;=:@/?\\-]*)?(?:#[A-Za-z0-9._~!$&'()*+,;=:@/?\\-]*)?",
}
