/**
 * Which names a request may call this server by. A page of a foreign site can make its own name resolve to 127.0.0.1 (DNS
 * rebinding) and would then be of the same origin as the server; but its requests still carry that name.
 */
import type { MiddlewareHandler } from 'hono'
import { ApiError } from '../api-error.ts'

export interface HostRule {
  /** Names beside those of the loopback interface, without port. */
  readonly allowed?: readonly string[] | undefined
  /** Any IP address: for a server that listens on more than loopback. An address cannot be rebound. */
  readonly anyAddress?: boolean | undefined
}

/** Answers 403 to other names. */
export function hostGuard(rule: HostRule): MiddlewareHandler {
  return async (context, next) => {
    const host = context.req.header('host') ?? new URL(context.req.url).host
    if (!isAllowedHost(host, rule)) {
      throw new ApiError({
        status: 403,
        type: 'permission_error',
        code: 'host_not_allowed',
        message:
          'this server is not known by the name in the Host header: use localhost, or start it with --allow-host NAME',
      })
    }
    await next()
  }
}

/** @param host value of a `Host` header: a name or address, perhaps with a port */
export function isAllowedHost(host: string, rule: HostRule): boolean {
  const name = hostName(host)
  if (name === undefined) return false
  if (isLoopbackName(name)) return true
  if (rule.anyAddress && isAddress(name)) return true
  return (
    rule.allowed?.some((allowed) => hostName(allowed) === name || `[${allowed.toLowerCase()}]` === name) ??
    false
  )
}

/** `localhost` and names under it, 127.0.0.0/8 and ::1 (RFC 6761, RFC 1122): never leave the machine. */
function isLoopbackName(name: string): boolean {
  if (name === 'localhost' || name.endsWith('.localhost') || name === '[::1]') return true
  return isIpv4(name) && name.startsWith('127.')
}

/** Whether only this machine reaches a server that listens on `host`: a name or an address, IPv6 without brackets. */
export function isLoopbackHost(host: string): boolean {
  return isLoopbackName((host.includes(':') ? `[${host}]` : host).toLowerCase())
}

function isAddress(name: string): boolean {
  return isIpv4(name) || name.startsWith('[')
}

function isIpv4(name: string): boolean {
  const parts = name.split('.')
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)
}

/** In lower case, without port and final dot; undefined if it is no host. IPv6 addresses keep their brackets. */
function hostName(host: string): string | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+?)\.?(?::\d{1,5})?$/.exec(host.trim().toLowerCase())
  return match?.[1]
}
