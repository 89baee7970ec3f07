// What can be read from a secret when it is given and may be shown: the fingerprint of a key, whose a certificate is and when it ends.
import { createHash, createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { AppError } from '@tidewheel/contract/errors';
import { refused } from './credential-types.ts';

type Values = Record<string, unknown>;

export interface Facts {
  facts: Values;
  /** The end that the secret itself states, `YYYY-MM-DD`. */
  expiresOn?: string;
}

/** Reads SSH keys; handed in by app/, for the libraries of connectors live with the steps. */
export type DescribeKey = (key: { privateKey: string; passphrase?: string | undefined }, signal: AbortSignal) => Promise<object>;

const patienceMs = 30_000;

/** @throws InvalidInput when a key or certificate cannot be read, or the two do not belong together */
export async function factsOf(type: string, { fields, secret }: { fields: Values; secret: Values }, describeKey: DescribeKey): Promise<Facts> {
  if (type === 'certificate') return certificateFacts({ fields, secret });
  const privateKey = secret['privateKey'];
  if (typeof privateKey !== 'string') return { facts: {} };
  const passphrase = typeof secret['passphrase'] === 'string' ? secret['passphrase'] : undefined;
  if (type === 'key') {
    const plain = plainKey(privateKey, passphrase);
    if (plain) return { facts: keyFacts(plain) };
  }
  try {
    return { facts: { ...(await describeKey({ privateKey, passphrase }, AbortSignal.timeout(patienceMs))) } };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    throw refused([{ path: 'secret.privateKey', message: thrown.message, hint: thrown.hint }]);
  }
}

function plainKey(key: string, passphrase: string | undefined): KeyObject | undefined {
  try {
    return createPrivateKey({ key, ...(passphrase === undefined ? {} : { passphrase }) });
  } catch {
    return undefined;
  }
}

function keyFacts(key: KeyObject): Values {
  const der = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return { keyType: key.asymmetricKeyType ?? 'unknown', publicKeySha256: createHash('sha256').update(der).digest('hex') };
}

function certificateFacts({ fields, secret }: { fields: Values; secret: Values }): Facts {
  const chain = String(fields['certificate'] ?? '').match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  const [own, ...others] = chain.map(readCertificate);
  if (!own)
    throw refused([{ path: 'fields.certificate', message: 'holds no certificate in PEM form', hint: 'Paste the text from -----BEGIN CERTIFICATE----- on.' }]);
  const passphrase = typeof secret['passphrase'] === 'string' ? secret['passphrase'] : undefined;
  const key = plainKey(String(secret['privateKey'] ?? ''), passphrase);
  if (!key) throw refused([{ path: 'secret.privateKey', message: 'cannot be read', hint: 'Paste the key in PEM form, and its passphrase if it has one.' }]);
  if (!own.checkPrivateKey(key))
    throw refused([
      { path: 'secret.privateKey', message: 'does not belong to the certificate', hint: 'Give the key that the certificate was requested with.' },
    ]);
  const broken = brokenLink([own, ...others]);
  if (broken)
    throw refused([{ path: 'fields.certificate', message: `the chain breaks: ${broken}`, hint: 'First the certificate, then who issued it, and so on.' }]);
  return {
    facts: {
      subject: lines(own.subject),
      issuer: lines(own.issuer),
      names: own.subjectAltName ?? '',
      validFrom: own.validFromDate.toISOString(),
      validTo: own.validToDate.toISOString(),
      serialNumber: own.serialNumber,
      fingerprint: own.fingerprint256,
      chain: chain.length,
      ...keyFacts(key),
    },
    expiresOn: own.validToDate.toISOString().slice(0, 10),
  };
}

function readCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw refused([{ path: 'fields.certificate', message: 'holds a certificate that cannot be read' }]);
  }
}

function brokenLink(chain: X509Certificate[]): string | undefined {
  for (const [index, certificate] of chain.entries()) {
    const issuer = chain[index + 1];
    if (issuer && !(certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)))
      return `${lines(certificate.subject)} was not issued by ${lines(issuer.subject)}`;
  }
  return undefined;
}

function lines(name: string): string {
  return name.split('\n').join(', ');
}

/** Why a certificate is of no use today; undefined when it is. */
export function validityFault(facts: Values, now: Date): string | undefined {
  const [from, to] = [facts['validFrom'], facts['validTo']].map((value) => (typeof value === 'string' ? Date.parse(value) : Number.NaN));
  if (from !== undefined && now.getTime() < from) return `It is valid from ${String(facts['validFrom'])} on.`;
  if (to !== undefined && now.getTime() > to) return `It ended on ${String(facts['validTo'])}.`;
  return undefined;
}
