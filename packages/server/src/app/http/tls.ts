// TLS of our own: certificate and key from files, read again when they change, so that a renewed certificate needs no restart.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { Conflict } from '@tidewheel/contract/errors';
import type { Logger } from '../../base/logger.ts';

export interface TlsFiles {
  cert: string;
  key: string;
}

export type TlsMaterial = Pick<SecureContextOptions, 'cert' | 'key' | 'minVersion' | 'ciphers' | 'honorCipherOrder'>;

/** Forward secrecy and authenticated encryption only (BSI TR-02102-2, Mozilla "intermediate" without its CBC and plain-RSA remainders). */
const ciphers = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
].join(':');

/** @throws Conflict when a file is missing, unreadable or the two do not belong together */
export async function readTls({ cert, key }: TlsFiles): Promise<TlsMaterial> {
  try {
    const material = { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8'), minVersion: 'TLSv1.2', ciphers, honorCipherOrder: true } as const;
    createSecureContext(material);
    return material;
  } catch (cause) {
    throw new Conflict('http.tls', `The TLS certificate cannot be used: ${(cause as Error).message}`, {
      hint: 'Look at TIDEWHEEL_TLS_CERT (PEM, the whole chain) and TIDEWHEEL_TLS_KEY (PEM, without a passphrase), and whether they belong together.',
      cause,
    });
  }
}

/** Looks at the files now and then: renewals replace links and folders, which file watchers lose sight of. A faulty pair changes nothing. */
export function followTls(files: TlsFiles, { everyMs, use, log }: { everyMs: number; use(material: TlsMaterial): void; log: Logger }): () => void {
  let known: string | undefined;
  const look = async () => {
    const material = await readTls(files);
    const print = createHash('sha256').update(`${material.cert}${material.key}`).digest('hex');
    if (known !== undefined && print !== known) {
      use(material);
      log.info('The TLS certificate was renewed.');
    }
    known = print;
  };
  const tick = () => void look().catch((error: unknown) => log.warn({ err: error }, 'The TLS certificate could not be read again; the old one stays.'));
  tick();
  const timer = setInterval(tick, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Plain HTTP that says where the encrypted site is, and nothing else. `portOf`: where that one listens. */
export async function listenForRedirects({ host, port, target }: { host: string; port: number; target(requestedHost: string): string }): Promise<Server> {
  const server = createServer({ maxHeaderSize: 8_192, headersTimeout: 10_000, requestTimeout: 10_000 }, (request, response) => {
    const named = /^(\[[0-9a-f:]+\]|[a-z0-9._-]+)(:\d+)?$/i.exec(request.headers.host ?? '')?.[1];
    // A changing request would be repeated as another one, and had its secrets on the wire already.
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (named === undefined || !isRead) {
      response
        .writeHead(named === undefined ? 400 : 403, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' })
        .end('This site is reached by https only.\n');
      return;
    }
    const address = request.url?.startsWith('/') ? request.url : '/';
    response.writeHead(308, { location: `${target(named)}${address}`, connection: 'close' }).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new Conflict('http.redirect_port', `The port ${port} for redirects to https cannot be used (${error.code}).`, {
          hint: 'Set TIDEWHEEL_HTTP_REDIRECT_PORT to a free port, or unset it.',
          cause: error,
        }),
      ),
    );
    server.listen(port, host, resolve);
  });
  return server;
}
