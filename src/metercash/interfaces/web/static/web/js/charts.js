// Draws every element with data-chart from the JSON it names: data-from (element id) or data-source (address).
(function () {
  "use strict";
  const font = getComputedStyle(document.documentElement).getPropertyValue("--font") || "sans-serif";
  const ink = "#4a5565";
  const axis = {
    axisLine: { lineStyle: { color: "#cfd6df" } }, axisTick: { show: false },
    axisLabel: { color: "#515c6a", fontSize: 12 }, splitLine: { lineStyle: { color: "#eceff3" } },
  };
  const builders = {};
  const grouped = (value) => (value == null ? "—" : Number(value).toLocaleString("en-US", { maximumFractionDigits: 3 }));
  const money = (value) => (value == null ? "—" : Number(value).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 }));
  const escape = (text) => String(text).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }[c]));
  const ramp = ["#9dbfe9", "#6b9cdb", "#3f79c9", "#1556b5", "#0d3a7c"];

  builders.rate = (d) => ({
    grid: { left: 46, right: 32, top: d.series.length < 2 ? 14 : 32, bottom: 26 },
    legend: d.series.length < 2 ? undefined
      : { right: 12, top: 4, itemWidth: 16, itemHeight: 8, textStyle: { fontSize: 12, color: ink } },
    tooltip: { trigger: "axis", valueFormatter: (v) => (v == null ? "—" : `${v}%`) },
    xAxis: { type: "category", boundaryGap: false, data: d.labels, ...axis, splitLine: { show: false } },
    yAxis: { type: "value", min: 0, max: 100, ...axis, axisLabel: { ...axis.axisLabel, formatter: "{value}%" } },
    series: d.series.map((s, i) => ({
      name: s.name, type: "line", data: s.data, symbol: i ? "none" : "circle", symbolSize: 6,
      showSymbol: d.labels.length < 20,
      lineStyle: { width: i ? 1.5 : 2.5, type: i ? "dashed" : "solid" },
      itemStyle: { color: i ? "#7b8794" : "#1556b5" },
    })),
  });

  builders.ageing = (d) => ({
    grid: { left: 54, right: 16, top: 28, bottom: 28 },
    tooltip: { formatter: (p) => `${escape(p.name)}<br>${p.data.text} · ${p.data.count}` },
    xAxis: { type: "category", data: d.map((x) => x.name), ...axis, splitLine: { show: false },
      axisLabel: { ...axis.axisLabel, interval: 0 } },
    yAxis: { type: "value", ...axis },
    series: [{
      type: "bar", barMaxWidth: 40, cursor: "pointer",
      data: d.map((x, i) => ({
        value: x.value, text: x.text, count: x.count, href: x.href,
        itemStyle: { color: ramp[Math.min(i, 4)], borderRadius: [3, 3, 0, 0] },
      })),
      label: { show: true, position: "top", fontSize: 12, color: "#33404f" },
    }],
  });

  builders.map = (d) => {
    echarts.registerMap("plan", d.plan);
    const worst = new Set([...d.points].filter((p) => p.arrears > 0).sort((a, b) => a.rate - b.rate)
      .slice(0, 5).map((p) => p.name));
    const sides = { top: [0, 7], bottom: [0, -7], right: [11, 0], left: [-11, 0] };
    const freest = (p) => Object.keys(sides).map((side) => ({ side, room: Math.min(99, ...d.points
      .filter((q) => q !== p).map((q) => Math.hypot((q.x - p.x - sides[side][0]) / 1.6, q.y - p.y - sides[side][1]))) }))
      .sort((a, b) => b.room - a.room)[0].side;
    const most = Math.max(1, ...d.points.map((p) => p.arrears));
    return {
      tooltip: { formatter: (p) => (p.data && p.data.text ? `<b>${escape(p.name)}</b><br>${escape(p.data.text)}` : "") },
      geo: { map: "plan", roam: false, silent: true, aspectScale: 1, top: 14, bottom: 14, left: 14, right: 118,
        itemStyle: { areaColor: "#f2f5f9", borderColor: "#c6d0dc" }, label: { show: false } },
      visualMap: { type: "piecewise", seriesIndex: 1, dimension: 3, right: 8, bottom: 10, itemWidth: 14,
        itemHeight: 10, textStyle: { color: ink, fontSize: 12 }, pieces: [
          { gte: 95, label: "≥ 95%", color: "#2b8a57" }, { gte: 85, lt: 95, label: "85–95%", color: "#8fb85a" },
          { gte: 70, lt: 85, label: "70–85%", color: "#f0b429" }, { gte: 50, lt: 70, label: "50–70%", color: "#e8743b" },
          { lt: 50, label: "< 50%", color: "#c4291c" }] },
      series: [
        { type: "lines", coordinateSystem: "geo", polyline: true, silent: true, z: 1,
          data: d.lines.map((l) => ({ coords: l.coords, lineStyle: { color: l.kind === "river" ? "#bcd7ee" : "#dde3ea",
            width: l.kind === "river" ? 9 : 2, opacity: 1, cap: "round" } })) },
        { type: "scatter", coordinateSystem: "geo", cursor: "pointer", z: 3,
          data: d.points.map((p) => ({ name: p.name, value: [p.x, p.y, p.arrears, p.rate], text: p.text, href: p.href,
            label: { position: freest(p) } })),
          symbolSize: (v) => 10 + 26 * Math.sqrt(v[2] / most),
          itemStyle: { opacity: 0.9, borderColor: "#fff", borderWidth: 1.5 },
          label: { show: true, formatter: (p) => (worst.has(p.name) ? p.name : ""), position: "top", distance: 4,
            fontSize: 12, color: "#1b2430", textBorderColor: "#fff", textBorderWidth: 3 },
          labelLayout: { hideOverlap: true, moveOverlap: "shiftY" } }],
    };
  };

  builders.curve = (d) => ({
    grid: { left: 58, right: 20, top: 40, bottom: 62 },
    legend: { right: 12, top: 6, textStyle: { fontSize: 12, color: ink } },
    tooltip: { trigger: "axis", valueFormatter: (v) => (v == null ? "—" : `${grouped(v)} ${d.unit}`) },
    dataZoom: [{ type: "inside" }, { type: "slider", height: 18, bottom: 10 }],
    xAxis: { type: "category", data: d.labels, ...axis, splitLine: { show: false } },
    yAxis: { type: "value", name: d.unit, nameTextStyle: { color: ink }, ...axis },
    series: [
      { name: d.names.actual, type: "bar", stack: "v", data: d.actual, itemStyle: { color: "#3f79c9" }, barCategoryGap: "15%", large: true },
      { name: d.names.estimated, type: "bar", stack: "v", data: d.estimated, itemStyle: { color: "#f0b429",
        decal: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -0.7, color: "rgba(90,50,0,.5)" } } },
    ],
  });

  builders.bars = (d) => ({
    grid: { left: 58, right: 16, top: 34, bottom: 28 },
    legend: d.average == null ? undefined : { right: 12, top: 4, textStyle: { fontSize: 12, color: ink } },
    tooltip: { trigger: "axis", valueFormatter: (v) => `${money(v)} ${d.unit || ""}` },
    xAxis: { type: "category", data: d.labels, ...axis, splitLine: { show: false } },
    yAxis: { type: "value", name: d.unit, nameTextStyle: { color: ink }, ...axis },
    series: [
      { name: d.names[0], type: "bar", barMaxWidth: 36, data: d.data, itemStyle: { color: "#1556b5", borderRadius: [3, 3, 0, 0] },
        label: { show: d.labels.length < 14, position: "top", formatter: (p) => money(p.value), fontSize: 12, color: "#33404f" },
        markLine: d.average == null ? undefined : { symbol: "none", label: { formatter: (p) => `${d.names[1]} ${money(p.value)}`, position: "insideEndTop", color: "#8a4b00" },
          lineStyle: { color: "#c2610c", type: "dashed", width: 1.5 }, data: [{ yAxis: d.average }] } }],
  });

  async function draw(element) {
    let data;
    try {
      if (element.dataset.from) data = JSON.parse(document.getElementById(element.dataset.from).textContent);
      else {
        const response = await fetch(element.dataset.source, { headers: { Accept: "application/json" } });
        if (!response.ok) throw new Error(String(response.status));
        data = await response.json();
      }
      const chart = echarts.init(element, null, { renderer: "svg" });
      chart.setOption({ textStyle: { fontFamily: font, color: ink }, animation: false,
        aria: { enabled: true, label: { enabled: false } },
        ...builders[element.dataset.chart](data) });
      chart.on("click", (p) => { if (p.data && p.data.href) window.location.assign(p.data.href); });
      new ResizeObserver(() => chart.resize()).observe(element);
      element.dataset.drawn = "1";
    } catch (error) {
      element.textContent = element.dataset.failed || "";
      element.classList.add("void");
    }
  }
  document.querySelectorAll("[data-chart]").forEach(draw);
})();
