// What a connection that holds files can show of them, whatever it is: a folder, a server, a bucket.

/** A regular file as a listing shows it, without having read it. */
export interface ListedFile {
  /** From the root of the connection, with forward slashes: as `file.read` takes it. */
  path: string;
  /** Bytes. */
  size: number;
  modifiedAt: Date;
}

export interface FileListing {
  /** The folder to look into; empty: the root of the connection. */
  path: string;
  /** Of names, as a shell has it: `*.csv`. Hidden files fit only a pattern that begins with a dot. */
  pattern: string;
  /** Also in the folders below it; a pattern with a slash is held against the path below `path`, any other against the name. */
  deep?: boolean;
  /** More files than these are a TooLarge, not a part of them. */
  limit: number;
}

/** The files of an opened connection. Ends with `signal`; throws Unreachable, NotFound and TooLarge as steps do. */
export interface FileSource {
  list(listing: FileListing): Promise<ListedFile[]>;
  /** The content of one of them. @throws NotFound when it is gone */
  read(path: string): AsyncIterable<Uint8Array>;
}
