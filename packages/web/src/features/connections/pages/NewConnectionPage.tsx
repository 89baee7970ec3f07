import { Text, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { iconNamed } from '../../../flow-editor/step-icons.ts';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import classes from '../Connection.module.css';
import { ConnectionForm } from '../ConnectionForm.tsx';
import { connectorsQuery } from '../connections.queries.ts';

const route = getRouteApi('/app/connections/new');

/** First the type, then its form. */
export function NewConnectionPage() {
  const { type } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(connectorsQuery);
  return (
    <>
      <PageHeader title="New connection" above={<Link to="/connections">Connections</Link>} />
      <Loaded query={query}>
        {(connectors) => {
          const chosen = connectors.find((connector) => connector.type === type);
          if (chosen) return <ConnectionForm connector={chosen} connection={null} />;
          return (
            <div className={classes['types']}>
              {connectors.map((connector) => {
                const Icon = iconNamed(connector.icon);
                return (
                  <UnstyledButton
                    key={connector.type}
                    className={`tw-card ${classes['type']}`}
                    onClick={() => void navigate({ search: { type: connector.type } })}
                  >
                    <Icon size={24} stroke={1.6} aria-hidden />
                    <span>
                      <Text fw={600} component="span" display="block">
                        {connector.title}
                      </Text>
                      <Text size="sm" c="dimmed" component="span">
                        {connector.description}
                      </Text>
                    </span>
                  </UnstyledButton>
                );
              })}
            </div>
          );
        }}
      </Loaded>
    </>
  );
}
