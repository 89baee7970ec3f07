// Where colors are kept, as the steps that store and load them ask for it.
import { connection, template } from '@tidewheel/kit/fields';
import { z } from 'zod';
import { storageConnections } from './open-storage.ts';

export const storagePlace = {
  connection: connection(storageConnections, { title: 'Storage', description: 'A folder, a bucket, Postgres or Oracle' }),
  path: template({ title: 'Folder', description: 'Of files and objects: below the root of the connection', examples: ['colors'] }).default('colors'),
  table: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}(\.[A-Za-z_][A-Za-z0-9_]{0,62})?$/, 'must be a name like colors or desk.colors')
    .default('tidewheel_colors')
    .meta({ title: 'Table', description: 'Of databases' }),
};
