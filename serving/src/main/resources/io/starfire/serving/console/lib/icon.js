/** Small drawings beside words; a screen reader passes over them. */
import {h} from './preact.js';

const PATHS = {
  star: 'M12 2l2.1 6.6L21 6.4l-4.4 5.3L21 17.1l-6.9-2.3L12 21.5l-2.1-6.7L3 17.1l4.4-5.4L3 6.4l6.9 2.2z',
  overview: 'M4 13h7V4H4zM13 20h7V11h-7zM4 20h7v-5H4zM13 9h7V4h-7z',
  data: 'M12 3c4.4 0 8 1.3 8 3s-3.6 3-8 3-8-1.3-8-3 3.6-3 8-3zM4 6v6c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12v6c0 1.7 3.6 3 8 3s8-1.3 8-3v-6',
  timeline: 'M3 19h18M5 15h6M13 15h6M8 10h8M10 5h7',
  query: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L21 21',
  supervisor: 'M12 4v4M12 16v4M4 12h4M16 12h4M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z',
  runs: 'M5 4l14 8-14 8z',
  pipeline: 'M3 6h6v4H3zM15 14h6v4h-6zM9 8h3v8h3',
  system: 'M5 4h14v7H5zM5 13h14v7H5zM8 7.5h.01M8 16.5h.01',
  load: 'M12 4v10M7 10l5 5 5-5M4 19h16',
  menu: 'M4 7h16M4 12h16M4 17h16',
  theme: 'M12 3a9 9 0 1 0 9 9 7 7 0 0 1-9-9z',
};

export function icon(name) {
  return h('svg', {class: `icon icon-${name}`, viewBox: '0 0 24 24', 'aria-hidden': 'true'}, h('path', {d: PATHS[name]}));
}
