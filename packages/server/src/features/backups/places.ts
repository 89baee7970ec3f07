// What backups need of places outside: implemented in app/, which knows the connectors.
export interface OutsidePlace {
  workspaceId: string;
  /** The slug of a connection that holds files. */
  connection: string;
  /** Path there, the name included. */
  path: string;
  signal: AbortSignal;
}

export interface BackupPlaces {
  /** Written aside, compared, renamed. @throws Conflict when another file is there */
  put(place: OutsidePlace, local: { folder: string; name: string; size: number }): Promise<void>;
  read(place: OutsidePlace): AsyncIterable<Uint8Array>;
  /** undefined: it is not there. */
  sizeOf(place: OutsidePlace): Promise<number | undefined>;
  /** Nothing when it is not there any more. */
  remove(place: OutsidePlace): Promise<void>;
}
