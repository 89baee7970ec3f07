import '@mantine/core/styles.css';
import './app.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';

// A chunk that is gone means that the server was updated under this tab: load the new page once, never in a loop.
window.addEventListener('vite:preloadError', (event) => {
  if (sessionStorage.getItem('tidewheel-reloaded') === location.href) return;
  sessionStorage.setItem('tidewheel-reloaded', location.href);
  event.preventDefault();
  location.reload();
});

const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
