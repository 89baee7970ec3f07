// Signing in one connection by NTLMv2, with key exchange, extended session security, message integrity code and channel binding (MS-NLMP 3.1.5).
import { randomBytes } from 'node:crypto';
import { Unreachable } from '@tidewheel/contract/errors';
import { hmacMd5, NtlmSealer, respond, responseKey, utf16 } from './ntlm-keys.ts';
import { authenticateMessage, av, flag, micOffset, negotiateMessage, readChallenge, wantedFlags, writePairs } from './ntlm-messages.ts';
import { Rc4 } from './rc4.ts';

export interface NtlmAccount {
  user: string;
  domain: string;
  password: string;
}

export interface NtlmOptions {
  account: NtlmAccount;
  /** `HTTP/host`: what the sign-in is meant for. */
  servicePrincipal: string;
  /** MD5 of the channel binding structure; undefined over plain http. */
  channelBinding?: Buffer | undefined;
  /** As random as it should be unless a test vector is checked. */
  random?: (size: number) => Buffer;
}

export interface SealedMessage {
  signature: Buffer;
  sealed: Buffer;
}

/** What seals messages after a sign-in: one per connection, each message in its turn. */
export interface MessageSeal {
  seal(message: Uint8Array): SealedMessage;
  open(message: SealedMessage): Buffer | undefined;
}

export class NtlmSignIn {
  readonly #options: NtlmOptions;
  readonly #negotiate = negotiateMessage();

  constructor(options: NtlmOptions) {
    this.#options = options;
  }

  first(): Buffer {
    return this.#negotiate;
  }

  /** @throws Unreachable when the challenge is none, or offers too little to seal with */
  answer(challengeMessage: Buffer): { token: Buffer; seal: MessageSeal } {
    const { account, random = randomBytes } = this.#options;
    const challenge = readChallenge(challengeMessage);
    requireStrength(challenge.flags);
    const sentTime = challenge.targetInfo.get(av.timestamp);
    const time = sentTime ?? fileTimeNow();
    const targetInfo = this.#targetInfo(challenge.targetInfo);
    const answers = respond({ key: responseKey(account), serverChallenge: challenge.serverChallenge, clientChallenge: random(8), time, targetInfo });
    const exportedKey = random(16);
    const token = authenticateMessage({
      flags: (wantedFlags & (challenge.flags | flag.version)) >>> 0,
      nt: answers.nt,
      // With a time of the server there is a MIC, and the older answer is left out (3.1.5.1.2).
      lm: sentTime ? Buffer.alloc(24) : answers.lm,
      domain: account.domain,
      user: account.user,
      workstation: '',
      encryptedSessionKey: new Rc4(answers.sessionBaseKey).apply(exportedKey),
    });
    if (sentTime) hmacMd5(exportedKey, this.#negotiate, challengeMessage, token).copy(token, micOffset);
    const out = new NtlmSealer(exportedKey, 'client');
    const back = new NtlmSealer(exportedKey, 'server');
    return { token, seal: { seal: (message) => out.seal(message), open: (message) => back.open(message) } };
  }

  #targetInfo(offered: ReadonlyMap<number, Buffer>): Buffer {
    const pairs = new Map(offered);
    if (offered.has(av.timestamp)) {
      const flags = Buffer.alloc(4);
      flags.writeUInt32LE(((offered.get(av.flags)?.readUInt32LE(0) ?? 0) | 2) >>> 0);
      pairs.set(av.flags, flags);
    }
    pairs.set(av.targetName, utf16(this.#options.servicePrincipal));
    if (this.#options.channelBinding) pairs.set(av.channelBindings, this.#options.channelBinding);
    return writePairs(pairs);
  }
}

function requireStrength(flags: number): void {
  const needed = flag.extendedSecurity | flag.bits128 | flag.keyExchange | flag.unicode;
  if ((flags & needed) >>> 0 === needed >>> 0) return;
  throw new Unreachable('winrm.ntlm_weak', 'The host offers NTLM only in an old form, whose sealing is not safe.', {
    hint: 'Allow NTLMv2 session security with 128-bit encryption there (Network security: Minimum session security for NTLM SSP).',
  });
}

/** 100 ns since 1601, little endian. */
function fileTimeNow(): Buffer {
  const time = Buffer.alloc(8);
  time.writeBigUInt64LE((BigInt(Date.now()) + 11_644_473_600_000n) * 10_000n);
  return time;
}
