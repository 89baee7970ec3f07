// Uploads of a workspace at once, so that one workspace cannot take every disk and connection.
import { TooMany } from '@tidewheel/contract/errors';

export interface UploadGate {
  /** @returns ends the upload. @throws TooMany */
  enter(workspaceId: string, most: number): () => void;
}

export function createUploadGate(): UploadGate {
  const running = new Map<string, number>();
  return {
    enter(workspaceId, most) {
      const count = running.get(workspaceId) ?? 0;
      if (count >= most)
        throw new TooMany('upload.too_many', `This workspace has ${count} uploads on their way; more at once are not taken.`, {
          hint: 'Send it again when one of them is through.',
          details: { retryAfterSeconds: 2 },
        });
      running.set(workspaceId, count + 1);
      return () => {
        const left = (running.get(workspaceId) ?? 1) - 1;
        if (left > 0) running.set(workspaceId, left);
        else running.delete(workspaceId);
      };
    },
  };
}
