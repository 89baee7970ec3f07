import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The server that the development server passes API calls on to; `npm run dev` sets it. */
const server = process.env['TIDEWHEEL_DEV_SERVER'] ?? 'http://127.0.0.1:8080';

// biome-ignore lint/style/noDefaultExport: Vite reads its configuration from the default export.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: server, ws: true, changeOrigin: true }, '/health': { target: server, changeOrigin: true } },
  },
  build: { target: 'es2023', manifest: true, sourcemap: false, chunkSizeWarningLimit: 1_700 },
});
