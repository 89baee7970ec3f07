// What a step sees of the backups of its workspace.
import type { BackupPlace, BackupScope } from '@tidewheel/contract/backup';

export interface BackupDesk {
  /** Makes one and waits until it is whole. @throws what the place says, InvalidInput for a credential without a password */
  make(wanted: WantedBackup): Promise<MadeBackup>;
}

export interface WantedBackup {
  scope: BackupScope;
  title: string;
  /** null: the object store of the server. */
  place: BackupPlace | null;
  /** The slug of a credential whose password encrypts it; null: it is not encrypted. */
  passphraseFrom: string | null;
  /** Of those that this step made, so many of the newest stay; null: all. */
  keep: number | null;
}

export interface MadeBackup {
  /** Its number. */
  backup: number;
  fileName: string;
  size: number;
  sha256: string;
  rows: number;
  files: number;
  /** The numbers of older ones that were taken away. */
  removed: number[];
}
