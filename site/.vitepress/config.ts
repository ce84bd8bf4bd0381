import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';
import llms from 'vitepress-plugin-llms';

interface Site {
  repository: string;
  guides: { text: string; link: string }[];
  project: { text: string; link: string }[];
}

const read = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
const { repository, guides, project }: Site = read('./site.json');

export default defineConfig({
  title: 'gst-allocators',
  description: "GStreamer's memory in TypeScript, on Node.js and in GJS",
  cleanUrls: true,
  lastUpdated: false,
  vite: { plugins: [llms()], logLevel: 'warn', build: { chunkSizeWarningLimit: 4000 } },
  themeConfig: {
    nav: [
      { text: 'Start', link: '/start' },
      { text: 'Reference', link: '/reference/' },
      { text: 'C names', link: '/ledger' },
    ],
    sidebar: {
      '/reference/': [{ text: 'Reference', link: '/reference/', items: read('../reference/typedoc-sidebar.json') }],
      '/': [
        {
          text: 'Start',
          items: [
            { text: 'Install, first frames', link: '/start' },
            { text: 'Which tool for what', link: '/choose' },
          ],
        },
        { text: 'Guides', items: guides },
        {
          text: 'Look up',
          items: [
            { text: 'Reference', link: '/reference/' },
            { text: 'C name → ours', link: '/ledger' },
          ],
        },
        { text: 'Project', items: project },
      ],
    },
    outline: [2, 3],
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: repository }],
  },
});
