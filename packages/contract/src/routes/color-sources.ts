import { z } from 'zod';
import { ColorSource, ColorSourceContent, ColorSourceVersion } from '../color-columns.ts';
import { Slug } from '../identifiers.ts';
import { defineRoute } from '../route.ts';
import { Revision } from '../whole-number.ts';

const slugParam = z.object({ slug: Slug });
const tag = 'Colors';

export const listColorSources = defineRoute({
  name: 'colorSource.list',
  method: 'GET',
  path: '/api/color-sources',
  tag,
  access: 'color.read',
  summary: 'List the sources of colors with their columns',
  response: z.object({ items: z.array(ColorSource) }),
});
export const createColorSource = defineRoute({
  name: 'colorSource.create',
  method: 'POST',
  path: '/api/color-sources',
  tag,
  access: 'desk.edit',
  summary: 'Say which columns of a source feed which fields',
  body: ColorSourceContent.extend({ slug: Slug }),
  response: ColorSource,
  status: 201,
});
export const showColorSource = defineRoute({
  name: 'colorSource.show',
  method: 'GET',
  path: '/api/color-sources/{slug}',
  tag,
  access: 'color.read',
  summary: 'Show the columns of a source',
  params: slugParam,
  response: ColorSource,
});
export const updateColorSource = defineRoute({
  name: 'colorSource.update',
  method: 'PUT',
  path: '/api/color-sources/{slug}',
  tag,
  access: 'desk.edit',
  summary: 'Change the columns of a source: a new version of them',
  params: slugParam,
  body: ColorSourceContent.extend({ version: Revision.optional().describe('The version that was changed; refused when there is a newer one') }),
  response: ColorSource,
});
export const archiveColorSource = defineRoute({
  name: 'colorSource.archive',
  method: 'DELETE',
  path: '/api/color-sources/{slug}',
  tag,
  access: 'desk.edit',
  summary: 'Archive a source of colors',
  params: slugParam,
  response: ColorSource,
});
export const listColorSourceVersions = defineRoute({
  name: 'colorSource.versions',
  method: 'GET',
  path: '/api/color-sources/{slug}/versions',
  tag,
  access: 'color.read',
  summary: 'List the versions of the columns of a source, newest first',
  params: slugParam,
  response: z.object({ items: z.array(ColorSourceVersion) }),
});
