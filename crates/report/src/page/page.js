(() => {
  const tip = document.getElementById('tip');
  let shown = null;
  let follow = null;
  const hide = () => {
    if (shown) shown.classList.remove('lit');
    tip.hidden = true;
    shown = null;
    follow = null;
  };
  const show = (mark, x, y) => {
    const text = mark.getAttribute('data-tip');
    if (!text) return;
    if (shown !== mark) {
      hide();
      tip.textContent = text;
      shown = mark;
      mark.classList.add('lit');
    }
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    const left = Math.min(Math.max(8, x - box.width / 2), innerWidth - box.width - 8);
    const above = y - box.height - 14;
    tip.style.left = left + 'px';
    tip.style.top = (above < 8 ? y + 18 : above) + 'px';
  };
  const markOf = (event) => event.target.closest && event.target.closest('[data-tip]');
  document.addEventListener('pointermove', (event) => {
    const mark = markOf(event);
    if (mark) show(mark, event.clientX, event.clientY); else if (event.pointerType === 'mouse') hide();
  });
  document.addEventListener('pointerdown', (event) => {
    const mark = markOf(event);
    if (mark) show(mark, event.clientX, event.clientY); else hide();
  });
  document.addEventListener('focusin', (event) => {
    const mark = markOf(event);
    if (!mark || !mark.matches(':focus-visible')) return;
    const box = mark.getBoundingClientRect();
    show(mark, box.left + box.width / 2, box.top);
  });
  document.addEventListener('focusout', hide);
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape') hide(); });
  // The tip of a mark that the keyboard chose stays with it; the pointer's lies elsewhere after scrolling.
  addEventListener('scroll', () => { if (follow) follow(); else hide(); }, { passive: true });
  // A chart is one stop of the Tab key; the arrows go from mark to mark.
  document.querySelectorAll('svg.drawing, table.heat').forEach((svg) => {
    const marks = [...svg.querySelectorAll('[data-tip]')];
    if (!marks.length) return;
    svg.setAttribute('tabindex', '0');
    let at = -1;
    svg.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      at = at < 0 && step < 0 ? marks.length - 1 : Math.min(Math.max(0, at + step), marks.length - 1);
      const point = marks[at].querySelector('.shown circle') || marks[at].lastElementChild || marks[at];
      const place = () => {
        const box = point.getBoundingClientRect();
        show(marks[at], box.left + box.width / 2, box.top);
      };
      place();
      follow = place;
    });
  });
  const narrow = matchMedia('(max-width: 60rem)');
  const contents = document.querySelector('.contents details');
  if (contents) {
    contents.open = !narrow.matches;
    narrow.addEventListener('change', () => { contents.open = !narrow.matches; });
    contents.addEventListener('click', (event) => {
      if (event.target.closest('a') && narrow.matches) contents.open = false;
    });
  }
  const button = document.querySelector('.theme');
  if (button) {
    const isDark = () => matchMedia('(prefers-color-scheme: dark)').matches;
    button.hidden = false;
    button.setAttribute('aria-pressed', String(isDark()));
    button.addEventListener('click', () => {
      const dark = getComputedStyle(document.documentElement).colorScheme.trim() === 'dark';
      document.documentElement.dataset.theme = dark ? 'light' : 'dark';
      button.setAttribute('aria-pressed', String(!dark));
    });
  }
  let opened = [];
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll('details:not([open])')].filter((one) => !one.matches('.about'));
    opened.forEach((one) => { one.open = true; });
  });
  addEventListener('afterprint', () => opened.forEach((one) => { one.open = false; }));
})();
