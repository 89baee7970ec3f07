// How a caller names a route and what it gives and gets: types from the contract, no schema at run time.
import type { Route } from '@tidewheel/contract/route';
import type { z } from 'zod';

/** What a request needs of a route. A whole contract route fits too; `routes.ts` holds these without the schemas. */
export interface RouteRef<R extends Route = Route> {
  readonly name: R['name'];
  readonly method: R['method'];
  readonly path: R['path'];
  readonly bodyType?: R['bodyType'];
  readonly responseType?: R['responseType'];
  /** Never set: carries the contract's type through the compiler. */
  readonly contract?: R;
}

/** A body that is not JSON. A Blob is best where there is one: its size is known beforehand. */
export type UploadBody = Blob | Uint8Array | ReadableStream<Uint8Array> | string;

type HasKey<R, K extends string> = K extends keyof R ? (R[K] extends z.ZodType ? true : false) : false;
type SchemaOf<R, K extends string> = K extends keyof R ? (R[K] extends z.ZodType ? R[K] : never) : never;
type OptionalKeys<T> = { [K in keyof T]-?: object extends Pick<T, K> ? K : never }[keyof T];
/** Optional where the schema has a default, typed as what it means (a coerced number is a number). */
type QueryOf<S extends z.ZodType> = {
  [K in keyof z.output<S> as K extends OptionalKeys<z.input<S>> ? never : K]: z.output<S>[K];
} & { [K in keyof z.output<S> as K extends OptionalKeys<z.input<S>> ? K : never]?: z.output<S>[K] | undefined };

type ParamsInput<R> = HasKey<R, 'params'> extends true ? { params: z.input<SchemaOf<R, 'params'>> } : { params?: never };
type QueryInput<R> =
  HasKey<R, 'query'> extends true
    ? object extends QueryOf<SchemaOf<R, 'query'>>
      ? { query?: QueryOf<SchemaOf<R, 'query'>> | undefined }
      : { query: QueryOf<SchemaOf<R, 'query'>> }
    : { query?: never };
type BodyInput<R> =
  HasKey<R, 'body'> extends true
    ? R extends { bodyType: 'application/octet-stream' }
      ? { body: UploadBody }
      : { body: z.input<SchemaOf<R, 'body'>> }
    : { body?: never };

/** What a caller gives: params, query and body, each only where the route has it. */
export type CallInput<R extends Route> = ParamsInput<R> & QueryInput<R> & BodyInput<R>;
/** What a caller gets. */
export type CallResult<R extends Route> = z.output<R['response']>;

export interface CallOptions {
  signal?: AbortSignal | undefined;
  headers?: Record<string, string> | undefined;
}
/** The input may be left out where everything in it is optional. */
export type CallArguments<R extends Route> =
  object extends CallInput<R> ? [input?: CallInput<R>, options?: CallOptions] : [input: CallInput<R>, options?: CallOptions];

/** What `call` sees after the types have done their work. */
export interface RawInput {
  params?: Record<string, unknown> | undefined;
  query?: Record<string, unknown> | undefined;
  body?: unknown;
}
