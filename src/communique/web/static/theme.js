"use strict";
// Before the page is painted, so that it never flashes in the other theme.
try {
  const theme = localStorage.getItem("communique-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch { /* a browser without storage follows the system */ }
