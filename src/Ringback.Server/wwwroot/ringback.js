// Theme and session. Everything else the pages do goes through the circuit.
(() => {
  'use strict';
  const themes = ['system', 'light', 'dark'];
  const read = () => { try { const t = localStorage.getItem('ringback.theme'); return themes.includes(t) ? t : 'system'; } catch { return 'system'; } };
  const show = (theme) => { document.documentElement.dataset.theme = theme; };
  show(read());

  window.ringback = {
    theme: read,
    isWide: () => innerWidth >= 960,
    setTheme: (theme) => {
      if (!themes.includes(theme)) return;
      try { localStorage.setItem('ringback.theme', theme); } catch { /* Private windows may refuse; the choice then holds for this page. */ }
      show(theme);
    },
  };

  // The server ends a session after 20 minutes without a report. A page that refreshes itself is no activity, so only what a person does counts.
  if (location.pathname === '/sign-in') return;
  const idle = 20 * 60 * 1000, reportEvery = 60 * 1000;
  let active = Date.now(), reported = Date.now();
  const leave = () => { location.assign('/sign-in?idle=1&returnUrl=' + encodeURIComponent(location.pathname + location.search)); };
  const note = () => { active = Date.now(); };
  for (const kind of ['pointerdown', 'keydown', 'wheel', 'touchstart']) addEventListener(kind, note, { passive: true, capture: true });
  setInterval(async () => {
    const now = Date.now();
    if (now - active >= idle) { leave(); return; }
    if (active > reported && now - reported >= reportEvery) {
      reported = now;
      try {
        const answer = await fetch('/session/alive', { redirect: 'manual', cache: 'no-store' });
        if (answer.type === 'opaqueredirect') leave();
      } catch { /* The server is away; Blazor says so. */ }
    }
  }, 5000);
})();
