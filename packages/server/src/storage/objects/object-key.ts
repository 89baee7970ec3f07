// Where an object lies: the parts of the key are checked here, so that no caller can name a path outside of the store.
import { Bug, NotFound } from '@tidewheel/contract/errors';

const workspaceForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const sha256Form = /^[0-9a-f]{64}$/;

export function checkWorkspace(workspaceId: string): void {
  if (!workspaceForm.test(workspaceId)) throw new Bug('object.workspace', 'An object was asked for without a valid workspace id.');
}

/** `<workspace>/<aa>/<sha256>` */
export function objectKey(workspaceId: string, sha256: string): string {
  checkWorkspace(workspaceId);
  if (!sha256Form.test(sha256)) throw new Bug('object.hash', 'An object was asked for by something that is no SHA-256.');
  return `${workspaceId}/${sha256.slice(0, 2)}/${sha256}`;
}

export function missingObject(sha256: string): NotFound {
  return new NotFound('object.missing', `The object ${sha256.slice(0, 12)}… is not in the object store.`, {
    hint: 'It was removed from the store, or this server looks at another store than the one that wrote it: compare TIDEWHEEL_DATA and TIDEWHEEL_S3_BUCKET.',
    details: { sha256 },
  });
}
