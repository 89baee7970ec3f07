// The secrets that prove who calls. Each is kept as its SHA-256 only; 256 random bits need no slow hash.
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { newToken } from '../../base/ids.ts';

/** Marks our API tokens, so that leak scanners find them and nothing else passes for one. */
const apiTokenPrefix = 'tw_';
/** Those made before checksums have none. */
const apiTokenForm = /^(tw_[A-Za-z0-9_-]{43})([0-9a-z]{7})?$/;
const refreshTokenPrefix = 'twr_';
const refreshTokenForm = /^twr_[A-Za-z0-9_-]{43}$/;
const sessionTokenForm = /^[A-Za-z0-9_-]{43}$/;

export const sessionCookie = 'tidewheel';
export const sessionDays = 7;
export const invitationDays = 7;

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

export function newApiToken(): string {
  const token = apiTokenPrefix + newToken();
  return token + checksumOf(token);
}

/** CRC-32 of what stands before it, in base 36. */
function checksumOf(token: string): string {
  return crc32(token).toString(36).padStart(7, '0');
}

/** What people see of a token afterwards, to tell it from others. */
export function prefixOf(token: string): string {
  return token.slice(0, 9);
}

export function newRefreshToken(): string {
  return refreshTokenPrefix + newToken();
}

/** What an Authorization header brings, of whatever form. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return authorization?.match(/^Bearer (\S{1,2000})$/i)?.[1];
}

/** By its form and checksum: a scanner tells a token from a look-alike without asking us. */
export function isApiToken(value: string): boolean {
  const [, token = '', checksum] = apiTokenForm.exec(value) ?? [];
  return token !== '' && (checksum === undefined || checksum === checksumOf(token));
}

export function isRefreshToken(value: string): boolean {
  return refreshTokenForm.test(value);
}

export function isSessionToken(value: string | undefined): value is string {
  return value !== undefined && sessionTokenForm.test(value);
}
