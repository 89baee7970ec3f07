// Downloads: the file's name by RFC 6266, its hash as a strong ETag and Repr-Digest (RFC 9530), single ranges (RFC 9110 section 14).
import { type Readable, Transform } from 'node:stream';
import { create as contentDisposition } from 'content-disposition';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Download } from '../../base/endpoint.ts';
import { apiPolicy } from './security-headers.ts';

export function sendDownload({ download, request, reply }: { download: Download; request: FastifyRequest; reply: FastifyReply }): FastifyReply {
  describe(download, reply);
  const etag = reply.getHeader('etag');
  if (etag !== undefined && matches(request.headers['if-none-match'], String(etag))) return empty({ download, reply, status: 304 });
  const range = wantedRange(request, download, etag);
  if (range === 'unsatisfiable') {
    reply.header('content-range', `bytes */${download.size}`);
    return empty({ download, reply, status: 416 });
  }
  if (range) {
    reply
      .code(206)
      .header('content-range', `bytes ${range.start}-${range.end}/${download.size}`)
      .header('content-length', range.end - range.start + 1);
  } else if (download.size !== undefined) {
    reply.header('content-length', download.size);
  }
  if (request.method === 'HEAD') return empty({ download, reply });
  return reply.send(range ? slice(download.stream, range) : download.stream);
}

function describe(download: Download, reply: FastifyReply): void {
  reply.header('content-type', download.mediaType).header('content-security-policy', apiPolicy);
  if (download.fileName !== undefined) reply.header('content-disposition', contentDisposition(download.fileName));
  if (download.sha256 !== undefined) {
    reply.header('etag', `"${download.sha256}"`).header('repr-digest', `sha-256=:${Buffer.from(download.sha256, 'hex').toString('base64')}:`);
  }
  if (download.size !== undefined) reply.header('accept-ranges', 'bytes');
}

function empty({ download, reply, status }: { download: Download; reply: FastifyReply; status?: number }): FastifyReply {
  download.stream.destroy();
  if (status !== undefined) reply.code(status);
  return reply.send();
}

function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || header.split(',').some((part) => part.trim().replace(/^W\//, '') === etag);
}

interface ByteRange {
  start: number;
  /** Inclusive. */
  end: number;
}

/** Several ranges at once are answered whole, as the standard allows. */
function wantedRange(request: FastifyRequest, { size }: Download, etag: unknown): ByteRange | 'unsatisfiable' | undefined {
  const { range, 'if-range': ifRange } = request.headers;
  const found = typeof range === 'string' ? /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range) : null;
  if (!found || size === undefined || (ifRange !== undefined && ifRange !== etag)) return undefined;
  const [, first, last] = found;
  if (!first && !last) return undefined;
  const start = first ? Number(first) : Math.max(0, size - Number(last));
  const end = first && last ? Math.min(Number(last), size - 1) : size - 1;
  return start > end || start >= size ? 'unsatisfiable' : { start, end };
}

function slice(source: Readable, { start, end }: ByteRange): Readable {
  let position = 0;
  const cut = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const from = Math.max(0, start - position);
      const to = Math.min(chunk.length, end + 1 - position);
      position += chunk.length;
      if (to > from) this.push(chunk.subarray(from, to));
      if (position > end) {
        this.push(null);
        source.destroy();
      }
      done();
    },
  });
  // The source is destroyed on purpose once the range is out; what else breaks it must break the answer.
  source.on('error', (error) => cut.destroy(error));
  cut.on('close', () => source.destroy());
  return source.pipe(cut);
}
