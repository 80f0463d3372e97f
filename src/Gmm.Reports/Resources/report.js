// The page's script: unpacks what the page carries, draws charts with plotly, the map with 3Dmol, slices on canvases. Asks for nothing.
(function () {
  'use strict';
  const root = document.documentElement;
  const series = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#7a6ff0', '#8a8a8a'];
  const viridis = [[68, 1, 84], [71, 45, 123], [59, 82, 139], [44, 114, 142], [33, 145, 140], [40, 174, 128], [94, 201, 98], [173, 220, 48], [253, 231, 37]];
  const cividis = [[0, 34, 78], [18, 53, 112], [59, 73, 108], [87, 93, 109], [112, 113, 115], [138, 134, 120], [165, 156, 116], [195, 179, 105], [225, 204, 85], [254, 232, 56]];
  const palettes = { grey: [[0, 0, 0], [255, 255, 255]], viridis, cividis };
  const themed = [];

  function mix(colours, t) {
    const at = Math.min(Math.max(t, 0), 1) * (colours.length - 1), i = Math.min(Math.floor(at), colours.length - 2), f = at - i;
    return colours[i].map((c, k) => Math.round(c + f * (colours[i + 1][k] - c)));
  }
  const rgb = c => 'rgb(' + c.join(',') + ')';
  const style = name => getComputedStyle(root).getPropertyValue('--' + name).trim();
  const isDark = () => style('page') === '#12161c';
  // Plotly reads tags in texts; names from files have none.
  const plain = text => String(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  const number = (value, digits = 3) => value === 0 ? '0' : Number(value.toPrecision(digits)).toString();

  // ---- what the page carries

  async function unpack(id) {
    const text = atob(document.getElementById(id).textContent), bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    if (typeof DecompressionStream === 'undefined') throw new Error('this browser is too old to unpack what the page carries (it has no DecompressionStream)');
    return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer());
  }

  const libraries = {};
  function library(id) {
    return libraries[id] ??= unpack(id).then(code => new Promise((done, failed) => {
      const script = document.createElement('script');
      script.src = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
      script.onload = () => { URL.revokeObjectURL(script.src); done(); };
      script.onerror = () => failed(new Error('a library of the page could not be started'));
      document.head.append(script);
    }));
  }

  // ---- colours of the page

  const themes = ['system', 'light', 'dark'];
  let theme = 'system';
  try { theme = localStorage.getItem('gmm-theme') || 'system'; } catch { /* files may have no storage */ }
  function setTheme(name) {
    theme = name;
    if (name === 'system') delete root.dataset.theme; else root.dataset.theme = name;
    try { localStorage.setItem('gmm-theme', name); } catch { /* as above */ }
    const button = document.getElementById('theme');
    button.textContent = { system: '◐', light: '☀', dark: '☾' }[name];
    button.title = 'Colours: ' + { system: 'as the system', light: 'light', dark: 'dark' }[name];
    themed.forEach(draw => draw());
  }
  document.getElementById('theme').addEventListener('click', () => setTheme(themes[(themes.indexOf(theme) + 1) % 3]));
  for (const query of ['(prefers-color-scheme: dark)', 'print']) {
    matchMedia(query).addEventListener('change', () => themed.forEach(draw => draw()));
  }
  addEventListener('beforeprint', () => { document.querySelectorAll('details').forEach(d => { d.dataset.was = d.open; d.open = true; }); });
  addEventListener('afterprint', () => { document.querySelectorAll('details').forEach(d => { d.open = d.dataset.was === 'true'; }); });

  // ---- charts

  const touch = matchMedia('(pointer: coarse)').matches;
  function layout(extra) {
    const axis = { gridcolor: style('grid'), linecolor: style('line'), zerolinecolor: style('line'), zeroline: false, ticks: 'outside', tickcolor: style('line'), showline: true, automargin: true };
    const merged = Object.assign({
      paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)', margin: { l: 56, r: 14, t: 16, b: 44 }, dragmode: touch ? false : 'zoom',
      font: { family: getComputedStyle(document.body).fontFamily, size: 12.5, color: style('ink') }, colorway: series,
      hoverlabel: { bgcolor: style('card'), bordercolor: style('line'), font: { color: style('ink') } },
      modebar: { bgcolor: 'rgba(0,0,0,0)', color: style('line'), activecolor: style('accent') },
      legend: { orientation: 'h', x: 0, y: -0.2, yanchor: 'top', font: { size: 12 } }, showlegend: false,
    }, extra);
    merged.xaxis = Object.assign({}, axis, extra.xaxis);
    merged.yaxis = Object.assign({}, axis, extra.yaxis);
    return merged;
  }
  const config = { displaylogo: false, responsive: true, modeBarButtonsToRemove: ['select2d', 'lasso2d', 'autoScale2d'], toImageButtonOptions: { format: 'svg' } };

  function axisOf(data) {
    const axis = { title: { text: plain(data.title), standoff: 8 } };
    if (data.range) axis.range = data.range;
    if (data.ticks) { axis.tickvals = data.ticks.map(t => t.at); axis.ticktext = data.ticks.map(t => plain(t.text)); }
    return axis;
  }

  // A row of like curves goes from pale to strong, readable on both backgrounds.
  const ordered = t => isDark() ? rgb(mix([[92, 104, 150], [86, 160, 190], [120, 214, 170], [250, 226, 90]], t)) : rgb(mix([[178, 196, 222], [96, 160, 200], [30, 118, 140], [60, 20, 90]], t));

  function traceOf(data, s, i) {
    const colour = s.order === undefined ? (data.style === 'histogram' ? style('bar') : series[i % series.length]) : ordered(s.order);
    const trace = { name: plain(s.name), x: s.x, y: s.y };
    if (data.style === 'lines') {
      Object.assign(trace, {
        type: 'scatter', mode: s.markers ? 'lines+markers' : 'lines', visible: s.hidden ? 'legendonly' : true,
        line: { color: s.dashed ? style('soft') : colour, width: s.order === 1 ? 3 : 1.8, dash: s.dashed ? ['dash', 'dot', 'dashdot'][i % 3] : 'solid' },
      });
      if (data.x.resolution) {
        trace.customdata = s.x.map(f => f > 0 ? (1 / f).toFixed(2) + ' Å' : '∞');
        trace.hovertemplate = '%{y:.3f}';
      }
    } else if (data.style === 'points') {
      Object.assign(trace, { type: 'scatter', mode: 'markers', marker: { color: colour, size: 9 } });
    } else {
      Object.assign(trace, { type: 'bar', marker: { color: colour, line: { width: 0 } } });
      if (data.style === 'histogram') trace.hovertemplate = '%{x:.4~g}: %{y} particles<extra></extra>';
    }
    if (s.errors) trace.error_y = { type: 'data', array: s.errors, color: style('soft'), thickness: 1.4, width: 5 };
    return trace;
  }

  async function plot(data, element) {
    await library('library-plotly');
    const draw = () => {
      const shapes = [], annotations = [];
      for (const l of data.lines) {
        shapes.push({ type: 'line', xref: 'paper', x0: 0, x1: 1, y0: l.at, y1: l.at, line: { color: style('soft'), width: 1.2, dash: 'dash' }, layer: 'below' });
        if (l.text) annotations.push({ xref: 'paper', x: 0.004, y: l.at, text: plain(l.text), showarrow: false, xanchor: 'left', yanchor: 'bottom', font: { size: 11.5, color: style('soft') } });
      }
      for (const l of data.uprights) {
        shapes.push({ type: 'line', yref: 'paper', y0: 0, y1: 1, x0: l.at, x1: l.at, line: { color: style('ink'), width: 1.2, dash: 'dot' } });
        annotations.push({ yref: 'paper', y: 1, x: l.at, text: plain(l.text), showarrow: false, xanchor: 'center', yanchor: 'bottom', font: { size: 11.5, color: style('soft') } });
      }
      const several = data.series.length > 1, narrow = element.clientWidth < 560;
      const l = layout({
        xaxis: axisOf(data.x), yaxis: axisOf(data.y), shapes, annotations, showlegend: several,
        barmode: data.style === 'stack' ? 'stack' : data.style === 'histogram' ? 'overlay' : 'group', bargap: data.style === 'histogram' ? 0.06 : 0.35,
        hovermode: data.style === 'lines' ? 'x unified' : 'closest',
      });
      const traces = data.series.map((s, i) => traceOf(data, s, i));
      if (data.x.resolution && traces.length > 0) {
        // The heading of what hovers knows frequencies only: a curve that is not seen says the resolution.
        l.xaxis.unifiedhovertitle = { text: ' ' };
        traces.unshift({
          type: 'scatter', mode: 'lines', x: data.series[0].x, y: data.series[0].x.map(() => 0), line: { color: 'rgba(0,0,0,0)', width: 0 }, showlegend: false,
          customdata: traces[0].customdata, hovertemplate: '<b>%{customdata}</b><extra></extra>',
        });
      }
      if (data.style === 'bars' || data.style === 'stack' || data.style === 'points') l.xaxis.type = 'category';
      if (several && !narrow) { l.legend = { x: 1.02, y: 0.96, xanchor: 'left', font: { size: 12 } }; l.margin.r = 20; }
      if (several && narrow && data.series.length > 6) l.legend.font.size = 10.5;
      if (data.style === 'histogram') { l.xaxis.fixedrange = l.yaxis.fixedrange = true; l.yaxis.rangemode = 'tozero'; l.yaxis.nticks = 5; }
      if (data.style === 'points') { l.yaxis.zeroline = true; l.yaxis.zerolinecolor = style('ink'); l.yaxis.zerolinewidth = 1.4; }
      return Plotly.react(element, traces, l, data.style === 'histogram' ? Object.assign({}, config, { displayModeBar: false }) : config);
    };
    await draw();
    themed.push(draw);
  }

  // Viewing directions: the cells as a picture under points that are not seen, which tell their values.
  async function directions(data, element) {
    await library('library-plotly');
    const top = Math.max(2, ...data.density), canvas = document.createElement('canvas');
    canvas.width = data.columns; canvas.height = data.rows;
    const image = canvas.getContext('2d').createImageData(data.columns, data.rows);
    data.density.forEach((d, i) => image.data.set([...mix(viridis, d / top), 255], 4 * i));
    canvas.getContext('2d').putImageData(image, 0, 0);
    // Each cell as many pixels, so that the browser does not blur it.
    const large = document.createElement('canvas'), zoom = Math.max(1, Math.floor(1440 / data.columns));
    large.width = data.columns * zoom; large.height = data.rows * zoom;
    const context = large.getContext('2d');
    context.imageSmoothingEnabled = false;
    context.drawImage(canvas, 0, 0, large.width, large.height);
    const x = [], y = [], text = [];
    for (let r = 0; r < data.rows; r++) {
      for (let c = 0; c < data.columns; c++) {
        const z = 1 - (r + 0.5) * 2 / data.rows, d = data.density[r * data.columns + c];
        x.push(-180 + (c + 0.5) * 360 / data.columns); y.push(z);
        text.push('rot ' + Math.round(x[x.length - 1]) + '°, tilt ' + Math.round(Math.acos(z) * 180 / Math.PI) + '°<br>' + Math.round(d * data.particles / data.density.length) + ' particles, ' + d.toFixed(2) + ' × even');
      }
    }
    const draw = () => Plotly.react(element, [{
      type: 'scatter', mode: 'markers', x, y, text, hovertemplate: '%{text}<extra></extra>',
      marker: { size: 12, symbol: 'square', color: data.density, opacity: 0, cmin: 0, cmax: top, colorscale: viridis.map((c, i) => [i / 8, rgb(c)]), showscale: true,
        colorbar: { title: { text: '× even', side: 'top' }, thickness: 13, outlinewidth: 0, tickcolor: style('line') } },
    }], layout({
      xaxis: { title: { text: 'Rot (°)' }, range: [-180, 180], tickvals: [-180, -120, -60, 0, 60, 120, 180], showgrid: false, fixedrange: true },
      yaxis: { title: { text: 'Tilt (°)' }, range: [-1, 1], tickvals: [1, Math.cos(Math.PI / 6), 0.5, 0, -0.5, -Math.cos(Math.PI / 6), -1], ticktext: ['0', '30', '60', '90', '120', '150', '180'], showgrid: false, fixedrange: true },
      images: [{ source: large.toDataURL(), xref: 'x', yref: 'y', x: -180, y: 1, sizex: 360, sizey: 2, sizing: 'stretch', layer: 'below' }],
    }), Object.assign({}, config, { displayModeBar: false }));
    await draw();
    themed.push(draw);
  }

  // ---- slices

  function scaleBar(length) {
    return [500, 200, 100, 50, 20, 10, 5, 2, 1].find(a => a <= 0.4 * length) || 0;
  }

  async function panels(data, element) {
    const images = data.panels.map(p => Uint8Array.from(atob(p.pixels), c => c.charCodeAt(0)));
    const draw = palette => element.querySelectorAll('canvas').forEach((canvas, i) => {
      const p = data.panels[i], small = document.createElement('canvas');
      small.width = small.height = p.size;
      const picture = small.getContext('2d').createImageData(p.size, p.size), table = Array.from({ length: 256 }, (_, v) => mix(palettes[palette], v / 255));
      images[i].forEach((v, k) => picture.data.set([...table[v], 255], 4 * k));
      small.getContext('2d').putImageData(picture, 0, 0);
      canvas.width = canvas.height = 360;
      const context = canvas.getContext('2d');
      context.imageSmoothingQuality = 'high';
      context.drawImage(small, 0, 0, 360, 360);
      if (i === 0) {
        const bar = scaleBar(p.length), width = bar / p.length * 360;
        context.shadowColor = '#000'; context.shadowBlur = 4; context.fillStyle = '#fff';
        context.fillRect(16, 334, width, 7);
        context.font = '600 25px ' + getComputedStyle(document.body).fontFamily;
        context.fillText(bar + ' Å', 16, 324);
      }
    });
    const choice = document.querySelector('.palette[data-for="' + element.id + '"]');
    choice.addEventListener('change', () => draw(choice.value));
    draw(choice.value);
  }

  // ---- the map

  async function viewer(data, element) {
    const stage = element.querySelector('.stage'), placeholder = element.querySelector('.placeholder');
    const fail = text => { placeholder.textContent = text; element.querySelector('.toolbar').hidden = true; };
    if (!document.createElement('canvas').getContext('webgl2') && !document.createElement('canvas').getContext('webgl')) {
      return fail('This browser has no WebGL, so the map cannot be drawn here; the slices below show it.');
    }
    await library('library-3dmol');
    const [nx, ny, nz] = data.size;
    const volume = async source => {
      const bytes = await unpack(source.block), values = new Float32Array(bytes.length), step = (source.greatest - source.least) / 255;
      for (let i = 0; i < bytes.length; i++) values[i] = source.least + step * bytes[i];
      const v = new $3Dmol.VolumeData('', 'none');
      v.size = { x: nx, y: ny, z: nz };
      v.unit = { x: data.pixel, y: data.pixel, z: data.pixel };
      v.origin = { x: data.origin[0], y: data.origin[1], z: data.origin[2] };
      v.data = values;
      return v;
    };
    const maps = data.maps.map(() => null);
    const mapAt = async i => maps[i] ??= await volume(data.maps[i]);
    placeholder.remove();
    const view = $3Dmol.createViewer(stage, { backgroundColor: style('stage'), antialias: true });
    if (!view) return fail('The map cannot be drawn by this browser; the slices below show it.');
    const which = element.querySelector('.which'), slider = element.querySelector('.contour'), output = element.querySelector('output');
    const local = element.querySelector('input.local'), model = element.querySelector('input.model'), turn = element.querySelector('.turn');
    const top = data.maps[0].greatest * 0.9;
    const toLevel = position => top * Math.pow(position / 1000, 1.5), toPosition = level => Math.round(1000 * Math.pow(Math.min(level / top, 1), 1 / 1.5));
    slider.value = toPosition(data.level);
    let localMap = null, shape = null, waiting = false, later = 0, latest = 0, drawn = 0;

    // The local resolution between voxels: 3Dmol would take the nearest.
    const between = (v, p) => {
      const at = ['x', 'y', 'z'].map(k => Math.min(Math.max((p[k] - v.origin[k]) / v.unit[k], 0), v.size[k] - 1.001)), i = at.map(Math.floor), f = at.map((a, k) => a - i[k]);
      let sum = 0;
      for (let c = 0; c < 8; c++) {
        const d = [c & 1, (c >> 1) & 1, c >> 2];
        sum += (d[0] ? f[0] : 1 - f[0]) * (d[1] ? f[1] : 1 - f[1]) * (d[2] ? f[2] : 1 - f[2]) * v.data[((i[0] + d[0]) * ny + i[1] + d[1]) * nz + i[2] + d[2]];
      }
      return sum;
    };
    const scheme = data.local && {
      range: () => [data.local.least, data.local.greatest],
      // Fine is bright.
      valueToHex: value => mix(viridis, 1 - (value - data.local.least) / (data.local.greatest - data.local.least)).reduce((a, c) => a * 256 + c, 0),
    };

    async function draw() {
      const turnOf = ++latest, level = toLevel(+slider.value), map = await mapAt(+which.value);
      if (local?.checked) localMap ??= await volume(data.local);
      // Something newer was asked for while this was unpacked.
      if (turnOf !== latest) return;
      output.textContent = number(level) + ' (' + (level / data.deviation).toFixed(1) + ' σ)';
      const old = shape, shown = model?.checked;
      shape = view.addIsosurface(map, { isoval: level, color: style('surface'), opacity: shown ? 0.55 : 1, smoothness: 1 });
      if (local?.checked) shape.updateStyle({ opacity: shown ? 0.55 : 1, voldata: { getVal: (x, y, z) => between(localMap, { x, y, z }) }, volscheme: scheme });
      if (old) view.removeShape(old);
      view.render();
      element.dataset.drawn = ++drawn;
      clearTimeout(later);
      later = setTimeout(() => { element.querySelector('.still').src = view.pngURI(); }, 400);
    }
    const redraw = () => { if (!waiting) { waiting = true; requestAnimationFrame(async () => { waiting = false; await draw(); }); } };
    slider.addEventListener('input', redraw);
    which.addEventListener('change', redraw);
    if (local) {
      const bar = element.querySelector('.colourbar');
      bar.querySelector('.from').textContent = number(data.local.least);
      bar.querySelector('.to').textContent = number(data.local.greatest);
      bar.querySelector('i').style.background = 'linear-gradient(90deg,' + [...viridis].reverse().map(rgb).join(',') + ')';
      local.addEventListener('change', () => { bar.hidden = !local.checked; redraw(); });
    }
    if (model) {
      let loaded = false;
      const show = async () => {
        if (!loaded) {
          view.addModel(new TextDecoder().decode(await unpack(data.model)), 'pdb');
          loaded = true;
        }
        const chains = [...new Set(view.selectedAtoms({}).map(a => a.chain))];
        const ribbon = view.selectedAtoms({ atom: ['CA', 'P'] }).length > 0;
        view.setStyle({}, {});
        if (model.checked) chains.forEach((chain, i) => view.setStyle({ chain }, ribbon ? { cartoon: { color: series[i % 7] } } : { sphere: { scale: 0.3, color: series[i % 7] } }));
        redraw();
      };
      model.addEventListener('change', show);
    }
    turn.addEventListener('click', () => {
      const on = turn.getAttribute('aria-pressed') !== 'true';
      turn.setAttribute('aria-pressed', on);
      view.spin(on ? 'y' : false, 0.6);
    });
    const home = () => { view.zoomTo(); view.rotate(-62, 'x'); view.rotate(24, 'y'); view.zoom(1.5); view.render(); };
    element.querySelector('.reset').addEventListener('click', () => { view.setView(start); slider.value = toPosition(data.level); which.value = '0'; redraw(); });
    await draw();
    home();
    const start = view.getView();
    await draw();
    new ResizeObserver(() => { view.resize(); view.render(); }).observe(stage);
    themed.push(() => { view.setBackgroundColor(style('stage')); redraw(); });
    element.viewer = view;
  }

  // ---- latent points that can be chosen

  const inside = (x, y, xs, ys) => {
    let within = false;
    for (let i = 0, j = xs.length - 1; i < xs.length; j = i++) {
      if ((ys[i] > y) !== (ys[j] > y) && x < (xs[j] - xs[i]) * (y - ys[i]) / (ys[j] - ys[i]) + xs[i]) within = !within;
    }
    return within;
  };
  const starWord = word => /^[^\s'"#_;$[\]][^\s'"]*$/.test(word) ? word : word.includes('"') ? "'" + word + "'" : '"' + word + '"';

  async function points(data, element) {
    await library('library-plotly');
    const plotAt = element.querySelector('.plot'), list = element.querySelector('textarea'), count = element.querySelector('.count');
    const [xs, ys] = ['.across', '.up'].map(c => element.querySelector(c)), halves = element.querySelector('.halves');
    const names = new TextDecoder().decode(await unpack(data.names)).split('\n').map(n => JSON.parse(n)), halfOf = await unpack(data.halves);
    const numbers = new Float32Array((await unpack(data.values)).buffer);
    const coordinates = data.coordinates.map((name, k) => ({ name, values: numbers.subarray(k * names.length, (k + 1) * names.length) }));
    const total = names.length, most = 6000, stride = Math.max(1, Math.ceil(total / most));
    let chosen = [], redrawing = false, drawing = 0;
    const tell = () => {
      count.textContent = chosen.length === 0 ? 'None chosen yet' : chosen.length.toLocaleString('en') + ' of ' + total.toLocaleString('en') + ' particles chosen';
      list.value = chosen.map(i => names[i]).join('\n');
      element.querySelectorAll('.with-choice').forEach(b => { b.disabled = chosen.length === 0; });
    };
    const draw = () => {
      const x = coordinates[+xs.value], y = coordinates[+ys.value], one = coordinates.length === 1;
      const picked = new Set(chosen);
      const traces = [1, 2].filter(h => halves.value === '0' || +halves.value === h).map(h => {
        const members = [];
        for (let i = 0, k = 0; i < total; i++) if (halfOf[i] === h && k++ % stride === 0) members.push(i);
        // With one coordinate the other direction only spreads the points.
        const up = i => one ? ((i * 0.6180339887) % 1) : y.values[i];
        return {
          type: 'scatter', mode: 'markers', name: 'half ' + h, x: members.map(i => x.values[i]), y: members.map(up), text: members.map(i => plain(names[i])),
          hovertemplate: '%{text}<br>%{x:.3f}' + (one ? '' : ', %{y:.3f}') + '<extra>half ' + h + '</extra>',
          marker: { size: 5, opacity: 0.55, color: series[h - 1] }, selectedpoints: picked.size ? members.flatMap((i, k) => picked.has(i) ? [k] : []) : undefined,
          selected: { marker: { opacity: 0.95, size: 6 } }, unselected: { marker: { opacity: 0.13 } },
        };
      });
      const l = layout({
        xaxis: { title: { text: plain(x.name) } }, yaxis: one ? { visible: false } : { title: { text: plain(y.name) } }, showlegend: true, dragmode: 'lasso', hovermode: 'closest',
        newselection: { line: { color: style('ink'), width: 1.5 } }, selections: [], selectionrevision: ++drawing, uirevision: xs.value + '/' + ys.value,
      });
      return Plotly.react(plotAt, traces, l, Object.assign({}, config, { modeBarButtonsToRemove: ['autoScale2d'], displayModeBar: true }));
    };
    await draw();
    plotAt.on('plotly_selected', event => {
      const lasso = event?.lassoPoints, box = event?.range;
      if (redrawing || (!lasso && !box)) return;
      const x = coordinates[+xs.value].values, one = coordinates.length === 1, y = one ? null : coordinates[+ys.value].values;
      const polygonX = lasso ? lasso.x : [box.x[0], box.x[1], box.x[1], box.x[0]], polygonY = lasso ? lasso.y : [box.y[0], box.y[0], box.y[1], box.y[1]];
      chosen = [];
      for (let i = 0; i < total; i++) {
        if ((halves.value === '0' || halfOf[i] === +halves.value) && inside(x[i], one ? ((i * 0.6180339887) % 1) : y[i], polygonX, polygonY)) chosen.push(i);
      }
      tell();
      // The line goes, the points stay lit: a line that stays would be moved by the next one that begins inside it.
      redrawing = true;
      setTimeout(async () => { await draw(); redrawing = false; element.dataset.chosen = chosen.length; });
    });
    plotAt.on('plotly_deselect', () => { if (!redrawing) { chosen = []; tell(); draw(); } });
    for (const control of [xs, ys, halves]) control.addEventListener('change', () => { chosen = []; tell(); draw(); });
    element.querySelector('.copy-list').addEventListener('click', event => copy(list.value, event.currentTarget));
    element.querySelector('.star-list').addEventListener('click', () => {
      const text = '\ndata_particles\n\nloop_\n_rlnImageName #1\n' + chosen.map(i => starWord(names[i])).join('\n') + '\n';
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
      link.download = 'chosen.star';
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
    tell();
    if (stride > 1) element.querySelector('.hint').textContent += ' Every ' + stride + '. point is drawn; a choice takes all.';
    themed.push(draw);
  }

  // ---- copying

  async function copy(text, button) {
    const was = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement('textarea');
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
    }
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = was; }, 1200);
  }
  document.querySelectorAll('.copy').forEach(button => button.addEventListener('click', () => copy(button.previousElementSibling.textContent, button)));

  // ---- all of it

  const makers = { plot, directions, panels, viewer, points };
  async function start() {
    setTheme(theme);
    for (const block of document.querySelectorAll('script.gmm-data')) {
      const data = JSON.parse(block.textContent), element = document.getElementById(data.target);
      try {
        await makers[data.kind](data, element);
        element.dataset.state = 'drawn';
      } catch (error) {
        element.dataset.state = 'failed';
        const note = document.createElement('p');
        note.className = 'missing';
        note.textContent = 'This could not be drawn: ' + error.message;
        element.append(note);
      }
      // The page stays alive between the parts.
      await new Promise(done => setTimeout(done));
    }
    root.dataset.ready = 'true';
  }
  start();
})();
