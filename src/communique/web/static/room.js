"use strict";
// Only comforts: every page works without it.
(() => {
  // Addresses without empty parameters
  document.addEventListener("formdata", (event) => {
    if (event.target.method !== "get") return;
    for (const [name, value] of [...event.formData.entries()]) if (value === "") event.formData.delete(name);
  });
  document.addEventListener("htmx:configRequest", (event) => {
    const parameters = event.detail.parameters;
    for (const name of Object.keys(parameters)) if (parameters[name] === "") delete parameters[name];
  });

  // Choosing several periods by dragging
  for (const plot of document.querySelectorAll("svg.brush")) {
    const slots = [...plot.querySelectorAll(".slot")];
    let first = null, last = null, dragged = false;
    const show = () => {
      const [from, to] = [first, last].sort((a, b) => a - b);
      slots.forEach((slot, i) => slot.classList.toggle("chosen", i >= from && i <= to));
    };
    const at = (event) => slots.indexOf(document.elementFromPoint(event.clientX, event.clientY)?.closest(".slot"));
    plot.addEventListener("dragstart", (event) => event.preventDefault());
    plot.addEventListener("pointerdown", (event) => { first = last = at(event); dragged = false; });
    addEventListener("pointermove", (event) => {
      if (first === null || first < 0 || !event.buttons) return;
      const here = at(event);
      if (here < 0 || here === last) return;
      last = here; dragged = true; show();
    });
    addEventListener("pointerup", () => {
      if (first !== null && first >= 0 && dragged && first !== last) {
        const [from, to] = [first, last].sort((a, b) => a - b);
        const url = new URL(location.href);
        url.searchParams.set("since", slots[from].dataset.period);
        url.searchParams.set("until", slots[to].dataset.period);
        url.searchParams.delete("after");
        location.href = url.href;
      }
      first = null;
    });
    plot.addEventListener("click", (event) => { if (dragged) event.preventDefault(); }, true);
  }

  // Taking plots along; their own colours are those on white
  const save = (blob, name) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const drawing = async (plot) => {
    const copy = plot.cloneNode(true), { width, height } = plot.viewBox.baseVal;
    const style = document.createElementNS(copy.namespaceURI, "style");
    style.textContent = await (await fetch("/static/plot.css")).text();
    copy.prepend(style);
    copy.setAttribute("width", width); copy.setAttribute("height", height);
    return { text: new XMLSerializer().serializeToString(copy), width, height };
  };
  const asPng = async (plot) => {
    const { text, width, height } = await drawing(plot), image = new Image(), canvas = document.createElement("canvas");
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
    await image.decode();
    canvas.width = 2 * width; canvas.height = 2 * height;
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => save(blob, "plot.png"), "image/png");
  };
  const asSvg = async (plot) => save(new Blob([(await drawing(plot)).text], { type: "image/svg+xml" }), "plot.svg");
  for (const plot of document.querySelectorAll("svg.plot")) {
    const row = document.createElement("p");
    row.className = "take";
    for (const [label, take] of [["PNG", asPng], ["SVG", asSvg]]) {
      const button = document.createElement("button");
      button.type = "button"; button.textContent = label;
      button.addEventListener("click", () => take(plot));
      row.append(button);
    }
    plot.after(row);
  }

  // Keys that press what shows them
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, select, textarea")) { if (event.key === "Escape") event.target.blur(); return; }
    if (event.key === "/") { event.preventDefault(); document.querySelector(".quick input").focus(); return; }
    const wanted = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (wanted) { event.preventDefault(); wanted.click(); }
  });

  // A file dropped on the sheet
  const sheet = document.querySelector("[data-drop]");
  if (sheet) {
    const file = document.querySelector('input[type="file"]');
    sheet.addEventListener("dragover", (event) => event.preventDefault());
    sheet.addEventListener("drop", (event) => {
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      file.files = event.dataTransfer.files;
      file.form.requestSubmit();
    });
  }
})();
