// The secrets that prove who calls. Each is kept as its SHA-256 only; 256 random bits need no slow hash.
import { createHash } from 'node:crypto';
import { newToken } from '../../base/ids.ts';

/** Marks our API tokens, so that leak scanners find them and nothing else passes for one. */
const apiTokenPrefix = 'tw_';
const apiTokenForm = /^tw_[A-Za-z0-9_-]{43}$/;
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
  return apiTokenPrefix + newToken();
}

export function newRefreshToken(): string {
  return refreshTokenPrefix + newToken();
}

/** What an Authorization header brings, of whatever form. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return authorization?.match(/^Bearer (\S{1,2000})$/i)?.[1];
}

export function isApiToken(value: string): boolean {
  return apiTokenForm.test(value);
}

export function isRefreshToken(value: string): boolean {
  return refreshTokenForm.test(value);
}

export function isSessionToken(value: string | undefined): value is string {
  return value !== undefined && sessionTokenForm.test(value);
}
