"""Times one process of one thread on random batches: tokens per second, and where the time goes."""
import sys, time
import torch
from model import *

torch.set_num_threads(1); torch.set_flush_denormal(True)
layers = int(sys.argv[1]); S = int(sys.argv[2]); T = int(sys.argv[3])
cfg = ModelConfig(num_hidden_layers=layers)
specs = model_specs(cfg)
master = init_params(cfg)
print("params", sum(x.numel() for x in master.values()) / 1e6)
p = {n: x.clone().requires_grad_() for n, x in master.items()}
bias = {i: torch.zeros(8) for i in moe_layers(cfg)}
B = T // S
def step(mtp=False):
    ids = torch.randint(3, 2048, (B, S))
    ctx = make_context(cfg, bias, S)
    rows = torch.randperm(B * S)[: B * S // 4].sort()[0]
    h = hidden_states(cfg, p, ids, ctx, rows)
    logits = F.linear(h, p["head"]).float()
    loss = F.cross_entropy(logits, ids.view(-1)[rows])
    loss.backward()
for _ in range(3): step()
t = time.time(); n = 8
for _ in range(n): step()
print("tok/s", B * S * n / (time.time() - t))
if len(sys.argv) > 4:
    from torch.profiler import profile
    with profile() as prof:
        for _ in range(3): step()
    print(prof.key_averages().table(sort_by="self_cpu_time_total", row_limit=28, max_name_column_width=40))
import resource
a = resource.getrusage(resource.RUSAGE_SELF)
t = time.time()
for _ in range(5): step()
b = resource.getrusage(resource.RUSAGE_SELF)
print("s/step", (time.time() - t) / 5, "minflt/step", (b.ru_minflt - a.ru_minflt) / 5, "sys", (b.ru_stime - a.ru_stime) / 5, "user", (b.ru_utime - a.ru_utime) / 5)
