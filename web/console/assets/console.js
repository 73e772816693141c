// What pages do beyond plain forms and links. Every page works without it.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Live progress: the server sends the part of the page, and says when the
  // status has changed, which changes what else the page offers.
  for (const part of all("[data-events]")) {
    const source = new EventSource(part.dataset.events);
    source.addEventListener("progress", (event) => { part.innerHTML = event.data; });
    source.addEventListener("status", () => { source.close(); location.reload(); });
    addEventListener("pagehide", () => source.close());
  }

  // Choosing all: of a page, or of one group of checklist items.
  const counters = () => all("[data-checked]").forEach((counter) => {
    const n = all(`input[name="${counter.dataset.checked}"]:checked`).length;
    counter.textContent = counter.dataset.text.replace("{n}", n);
  });
  for (const box of all("[data-check-all]")) {
    box.addEventListener("change", () => {
      all(`input[name="${box.dataset.checkAll}"]`).forEach((one) => { one.checked = box.checked; });
      counters();
    });
  }
  for (const group of all("[data-pick]")) {
    const every = group.querySelector("[data-pick-all]");
    const items = all('input[name="item"]', group);
    const show = () => {
      const n = items.filter((one) => one.checked).length;
      every.checked = n === items.length;
      every.indeterminate = n > 0 && n < items.length;
    };
    every.addEventListener("change", () => items.forEach((one) => { one.checked = every.checked; }));
    group.addEventListener("change", show);
    show();
  }
  document.addEventListener("change", counters);
  counters();

  // Keys of a page: each stands beside what it does.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    const field = document.querySelector(`[data-focus-key="${CSS.escape(event.key)}"] select`);
    if (!target && !field) return;
    event.preventDefault();
    target ? target.click() : field.focus();
  });

  // Narrowing a long table that is all there.
  for (const box of all("[data-find]")) {
    const rows = all(`#${box.dataset.find} tbody tr`);
    box.addEventListener("input", () => {
      const words = box.value.trim().toLowerCase();
      rows.forEach((row) => { row.hidden = words !== "" && !row.textContent.toLowerCase().includes(words); });
    });
  }

  // On a phone the filter would stand between the reader and the list.
  if (matchMedia("(max-width: 640px)").matches) all("[data-fold]").forEach((filter) => { filter.open = false; });

  for (const button of all("[data-print]")) button.addEventListener("click", () => print());

  // A form that was sent is not sent again by a second click.
  document.addEventListener("submit", (event) => {
    if (event.target.method !== "post" || event.target.matches("[hx-post]")) return;
    setTimeout(() => all("button", event.target).forEach((button) => { button.disabled = true; }));
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) all("button:disabled").forEach((button) => { button.disabled = false; });
  });

  // Charts are drawn from a table beside them; each bar leads to the list its
  // number counts. The heads of the table are the legend.
  const draw = (box) => {
    const table = document.getElementById(box.dataset.of);
    const heads = all("thead th", table).slice(1).map((head) => head.textContent);
    const rows = all("tbody tr", table).map((row) => ({
      name: row.querySelector("th").textContent,
      links: all("td a", row).map((link) => ({ value: Number(link.textContent.replaceAll(",", "")), href: link.href })),
    })).reverse();
    if (!rows.some((row) => row.links.some((link) => link.value > 0))) return;
    box.hidden = false;
    const ink = getComputedStyle(document.body).color;
    const colours = ["#e8a317", "#17888a", "#9aa7b4", "#6c7bc2"];
    const chart = echarts.init(box);
    chart.setOption({
      animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily }, color: colours,
      grid: { left: 4, right: 12, top: 4, bottom: 4, containLabel: true },
      xAxis: { type: "value", minInterval: 1, axisLabel: { color: ink }, splitLine: { lineStyle: { color: "rgba(127,127,127,.2)" } } },
      yAxis: { type: "category", data: rows.map((row) => row.name), axisLabel: { color: ink }, axisTick: { show: false }, axisLine: { show: false } },
      series: heads.map((name, i) => ({ name, type: "bar", stack: "all", barMaxWidth: 18, data: rows.map((row) => row.links[i].value) })),
    });
    chart.on("click", (at) => { location.href = rows[at.dataIndex].links[at.seriesIndex].href; });
    addEventListener("resize", () => chart.resize());
  };
  const charts = all("[data-chart]").filter((box) => box.dataset.src);
  if (charts.length > 0) {
    const script = document.createElement("script");
    script.src = charts[0].dataset.src;
    script.onload = () => charts.forEach(draw);
    document.head.append(script);
  }
})();
