(() => {
  const box = document.getElementById("search"), list = document.getElementById("found"), count = document.getElementById("found-count");
  const most = 60;
  let entries;
  // zones first, then pages, then series: each as [address, what is shown in Chinese, in English, where it is looked for]
  const open = () => {
    const { zones, indicators, pages } = JSON.parse(document.getElementById("index").textContent);
    const found = zones.map(([code, zh, en]) => [`${code}/index.html`, zh, en, `${code} ${zh} ${en}`]);
    found.push(...pages.map(([href, zh, en, more]) => [href, zh, en, `${href} ${zh} ${en} ${more ?? ""}`]));
    for (const [code, zoneZh, zoneEn, series] of zones)
      for (const one of series) {
        const [place, ownZh, ownEn] = Array.isArray(one) ? one : [one];
        const [name, zh, en] = indicators[place];
        found.push([`${code}/series/${name}.html`, `${ownZh ?? zh} · ${zoneZh}`, `${ownEn ?? en} · ${zoneEn}`, `${name} ${ownZh ?? zh} ${ownEn ?? en} ${code} ${zoneZh} ${zoneEn}`]);
      }
    return found.map(([href, zh, en, text]) => [href, zh, en, text.toLowerCase()]);
  };
  const find = () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    entries ??= open();
    const found = words.length ? entries.filter(([, , , text]) => words.every((word) => text.includes(word))) : [];
    list.replaceChildren(...found.slice(0, most).map(([href, zh, en]) => {
      const item = document.createElement("li"), link = document.createElement("a");
      link.href = href;
      link.textContent = say(zh, en);
      item.append(link);
      return item;
    }));
    count.textContent = !words.length ? "" : found.length > most ? say(`找到 ${found.length} 项，显示前 ${most} 项`, `${found.length} found, the first ${most} are shown`) : say(`找到 ${found.length} 项`, `${found.length} found`);
    speak();
  };
  box.addEventListener("input", find);
  for (const id of ["say-zh", "say-en"]) document.getElementById(id).addEventListener("change", find);
  const asked = new URLSearchParams(location.search).get("q");
  if (asked) {
    box.value = asked;
    find();
  }
})();
