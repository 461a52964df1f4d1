import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = 'http://127.0.0.1:8686';

export default defineConfig({
  root: 'src/web',
  plugins: [react(), tailwindcss()],
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    // light-dark() and nesting stay as they are written.
    target: ['chrome123', 'edge123', 'firefox121', 'safari17.5'],
    // Nothing inline: the content security policy allows only files of our own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What tells zod to make no code stands in zod's own chunk: it has run before any schema is made, whatever else is split how.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'zod', test: /node_modules\/zod\/|src\/web\/no-eval\.ts$/ }] } } },
  },
  // While developing, the API is the real server's; its check of our Origin is satisfied for it.
  server: { proxy: { '/api': { target: server, changeOrigin: true, headers: { origin: server } } } },
});
