// A call of a webhook as somebody would type it.

const body = `'{"hello": "world"}'`;

/** `SECRET` stands for the secret. */
export function sampleCall({ url, config }: { url: string; config: Record<string, unknown> }): string {
  const end = `-H 'Content-Type: application/json' --data ${body} ${url}`;
  if (config['mode'] === 'bearer') return `curl -H 'Authorization: Bearer SECRET' ${end}`;
  if (config['mode'] === 'basic') return `curl -u '${String(config['user'] ?? '')}:SECRET' ${end}`;
  if (config['mode'] === 'hmac') return hmacCall({ config, end });
  return [
    `body=${body}; id=msg_$(date +%s%N); at=$(date +%s)`,
    `key=$(printf %s 'SECRET' | sed 's/^whsec_//' | base64 -d | od -An -tx1 | tr -d ' \\n')`,
    `sig=$(printf %s "$id.$at.$body" | openssl dgst -sha256 -mac HMAC -macopt hexkey:$key -binary | base64 -w0)`,
    `curl -H "webhook-id: $id" -H "webhook-timestamp: $at" -H "webhook-signature: v1,$sig" -H 'Content-Type: application/json' --data "$body" ${url}`,
  ].join('\n');
}

function hmacCall({ config, end }: { config: Record<string, unknown>; end: string }): string {
  const text = (name: string) => String(config[name] ?? '');
  const encode = text('signatureEncoding') === 'base64' ? '-binary | base64 -w0' : '-r | cut -d" " -f1';
  return [
    `sig=$(printf %s ${body} | openssl dgst -sha256 -hmac 'SECRET' ${encode})`,
    `curl -H "${text('signatureHeader')}: ${text('signaturePrefix')}$sig" ${end}`,
  ].join('\n');
}
