// What a connector gets of a named credential: of its fields and its secret those that the connector's secret has, and its user for the settings.
import { z } from 'zod';
import { alternatives } from '../../base/schema-walk.ts';

type Values = Record<string, unknown>;

function shapeOf(schema: z.ZodType | null): Values {
  const object = schema && alternatives(schema).find((candidate) => candidate instanceof z.ZodObject);
  return object instanceof z.ZodObject ? object.shape : {};
}

/** The names that a connector's secret shares with a credential; none: the credential does not fit it. */
export function secretFor(connectorSecret: z.ZodType | null, { fields, secret }: { fields: Values; secret: Values }): Values {
  const wanted = shapeOf(connectorSecret);
  return Object.fromEntries(Object.entries({ ...fields, ...secret }).filter(([name, value]) => name in wanted && value !== undefined));
}

/** Whether a credential of such secrets can serve a connector at all, without opening one. */
export function fits(connectorSecret: z.ZodType | null, credentialSecret: z.ZodType): boolean {
  const wanted = shapeOf(connectorSecret);
  return Object.keys(shapeOf(credentialSecret)).some((name) => name in wanted);
}

/** The credential's own fields that are also settings of the connector: `user`. Whoever signs in is the credential's, not the connection's. */
export function settingsFrom(connectorConfig: z.ZodType, fields: Values): Values {
  const wanted = shapeOf(connectorConfig);
  return Object.fromEntries(
    ['user', 'domain', 'region', 'accessKeyId', 'tokenUrl', 'clientId', 'scopes', 'header', 'certificate']
      .filter((name) => name in wanted && fields[name] !== undefined)
      .map((name) => [name, fields[name]]),
  );
}
