import { Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { AccessMatrix } from '@tidewheel/contract/routes/access';
import { permissionGroups, permissionWords } from '../../shared/access/permission-words.ts';
import { Loaded } from '../../shared/Loaded.tsx';
import { ScrollBox } from '../../shared/ScrollBox.tsx';
import { matrixQuery } from './access.queries.ts';

const signs = { all: 'yes', some: 'some', none: '–' } as const;

/** Roles by permissions. */
export function RoleMatrix() {
  const matrix = useQuery(matrixQuery);
  return (
    <section className="tw-card">
      <Loaded query={matrix}>{(known) => <MatrixTable matrix={known} />}</Loaded>
    </section>
  );
}

function MatrixTable({ matrix: { roles } }: { matrix: AccessMatrix }) {
  return (
    <ScrollBox label="Roles by permissions">
      <Table withRowBorders fz="sm" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Permission</Table.Th>
            {roles.map((role) => (
              <Table.Th key={role.slug} scope="col">
                {role.title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {permissionGroups.flatMap(({ permissions }) =>
            permissions.map((permission) => (
              <Table.Tr key={permission}>
                <Table.Th scope="row" style={{ fontWeight: 400 }}>
                  {permissionWords[permission]}{' '}
                  <Text span size="xs" c="dimmed" className="tw-mono">
                    {permission}
                  </Text>
                </Table.Th>
                {roles.map((role) => (
                  <Table.Td key={role.slug}>{signs[role.cells[permission] ?? 'none']}</Table.Td>
                ))}
              </Table.Tr>
            )),
          )}
        </Table.Tbody>
      </Table>
    </ScrollBox>
  );
}
