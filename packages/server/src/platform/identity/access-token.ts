// Access tokens: JWTs (RFC 7519) that this installation signs with Ed25519 and that nobody but itself reads. They say which session and
// workspace a call is for, nothing of the person; what the person may do is read from the database with each request.
import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { deriveKey } from '../../base/aead.ts';
import { type Clock, systemClock } from '../../base/clock.ts';
import { newId } from '../../base/ids.ts';

export const accessMinutes = 15;
/** The clocks of several API processes may be so far apart. */
const toleranceSeconds = 10;
const algorithm = 'Ed25519';
/** RFC 9068: told apart from every other kind of JWT. */
const type = 'at+jwt';
const issuer = 'urn:tidewheel';
const audience = 'urn:tidewheel:api';
const form = /^[A-Za-z0-9_-]{1,200}\.[A-Za-z0-9_-]{1,1000}\.[A-Za-z0-9_-]{86}$/;

const Claims = z.object({ sub: z.uuid(), wsp: z.uuid(), sid: z.uuid(), exp: z.number(), jti: z.uuid() });

export interface AccessClaims {
  userId: string;
  workspaceId: string;
  sessionId: string;
}

type ReadClaims = AccessClaims & { expiresAt: Date };
/** A signature that was right stays right until the token expires: tokens checked before are not computed again. */
const mostVerified = 10_000;

export interface AccessTokens {
  issue(claims: AccessClaims): Promise<{ token: string; expiresAt: Date }>;
  /** Null for everything that is not an unexpired token of ours. That its session still lives is for the caller to look up. */
  read(token: string): Promise<ReadClaims | null>;
}

/** The DER frame of an Ed25519 private key (RFC 8410) before its 32 bytes. */
const pkcs8Frame = Buffer.from('302e020100300506032b657004220420', 'hex');

// The key follows from the master key, so every API process has it and none keeps it; a new master key voids the tokens of the old.
function signingKey(masterKey: Buffer): { secret: KeyObject; open: KeyObject; id: string } {
  const seed = deriveKey(masterKey, 'identity/access-token');
  const secret = createPrivateKey({ key: Buffer.concat([pkcs8Frame, seed]), format: 'der', type: 'pkcs8' });
  const open = createPublicKey(secret);
  const id = createHash('sha256')
    .update(open.export({ format: 'der', type: 'spki' }))
    .digest('base64url')
    .slice(0, 16);
  return { secret, open, id };
}

/** jose takes 45 ms to load: it is loaded with the first token. */
const jose = () => import('jose');

export function createAccessTokens(masterKey: Buffer, { now }: Clock = systemClock): AccessTokens {
  const key = signingKey(masterKey);
  const verified = new Map<string, ReadClaims>();
  return {
    async issue({ userId, workspaceId, sessionId }) {
      const { SignJWT } = await jose();
      const issued = Math.floor(now().getTime() / 1_000);
      const expires = issued + accessMinutes * 60;
      const token = await new SignJWT({ wsp: workspaceId, sid: sessionId })
        .setProtectedHeader({ alg: algorithm, typ: type, kid: key.id })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(userId)
        .setIssuedAt(issued)
        .setExpirationTime(expires)
        .setJti(newId())
        .sign(key.secret);
      return { token, expiresAt: new Date(expires * 1_000) };
    },
    async read(token) {
      if (!form.test(token)) return null;
      const known = verified.get(token);
      if (known && now().getTime() < known.expiresAt.getTime()) return known;
      const { jwtVerify } = await jose();
      // One key and one algorithm, whatever the header of the token wishes.
      const checked = await jwtVerify(token, key.open, {
        algorithms: [algorithm],
        typ: type,
        issuer,
        audience,
        maxTokenAge: accessMinutes * 60,
        clockTolerance: toleranceSeconds,
        requiredClaims: ['exp', 'sub', 'sid', 'wsp', 'jti'],
        currentDate: now(),
      }).catch(() => null);
      if (checked?.protectedHeader.kid !== key.id) return null;
      const { success, data } = Claims.safeParse(checked.payload);
      if (!success) return null;
      const claims = { userId: data.sub, workspaceId: data.wsp, sessionId: data.sid, expiresAt: new Date(data.exp * 1_000) };
      if (verified.size >= mostVerified) verified.clear();
      verified.set(token, claims);
      return claims;
    },
  };
}
