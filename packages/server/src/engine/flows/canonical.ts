// The hash that approvals and audit bind to.
import { createHash } from 'node:crypto';
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import canonicalize from 'canonicalize';

/** SHA-256 (hex) of the document's canonical JSON by RFC 8785: the same for the same meaning, whatever the YAML looked like. */
export function hashDocument(document: FlowDocument): string {
  return hashJson(document);
}

/** The same of any JSON value. */
export function hashJson(value: unknown): string {
  return createHash('sha256')
    .update(canonicalize(value) ?? '')
    .digest('hex');
}
