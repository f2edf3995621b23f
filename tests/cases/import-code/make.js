// Makes the first clip.
async function make(url) {
  const answer = await fetch(`${url}/v1/videos/image2video`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${process.env.KEY}` },
    body: JSON.stringify({
      model_name: 'kling-v3',
      image: 'https://stills.example.com/a.png',
      prompt: "Mara's hands.", // close
      mode: 'pro',
      duration: '5',
    }),
  });
  return answer.json();
}
