import { z } from 'zod';
import { Id, Instant, Sha256, Slug } from '../identifiers.ts';
import { PageQuery, pageOf } from '../page.ts';
import { defineRoute } from '../route.ts';

/** A file that people gave us: an XML schema of an authority, a template, a reference list. */
export const StoredFile = z
  .object({ id: Id, slug: Slug, name: z.string(), mediaType: z.string(), size: z.number().int(), sha256: Sha256, createdAt: Instant, createdBy: z.string() })
  .meta({ id: 'StoredFile' });
export type StoredFile = z.infer<typeof StoredFile>;
const slugParam = z.object({ slug: Slug });

export const listFiles = defineRoute({
  name: 'file.list',
  method: 'GET',
  path: '/api/files',
  tag: 'Files',
  access: 'file.read',
  summary: 'List uploaded files',
  query: PageQuery.extend({ search: z.string().max(200).optional() }),
  response: pageOf(StoredFile),
});
export const uploadFile = defineRoute({
  name: 'file.upload',
  method: 'PUT',
  path: '/api/files/{slug}',
  tag: 'Files',
  access: 'file.edit',
  summary: 'Upload a file, or replace the one with that name',
  params: slugParam,
  query: z.object({ name: z.string().min(1).max(255), mediaType: z.string().max(200).default('application/octet-stream') }),
  body: z.string(),
  bodyType: 'application/octet-stream',
  response: StoredFile,
});
export const downloadFile = defineRoute({
  name: 'file.download',
  method: 'GET',
  path: '/api/files/{slug}/content',
  tag: 'Files',
  access: 'file.read',
  summary: 'Download a file',
  params: slugParam,
  response: z.string(),
  responseType: 'application/octet-stream',
});
export const removeFile = defineRoute({
  name: 'file.remove',
  method: 'DELETE',
  path: '/api/files/{slug}',
  tag: 'Files',
  access: 'file.edit',
  summary: 'Archive a file',
  params: slugParam,
  response: StoredFile,
});
