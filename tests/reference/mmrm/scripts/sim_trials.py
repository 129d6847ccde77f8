"""200 simulated trials, 198 participants x 3 visits: 2 arms, site (4) + diagnosis (3) strata as covariates, ~20% monotone dropout by the last visit + a few intermittent gaps."""

import numpy as np, pandas as pd

rng = np.random.default_rng(20260101)
nt, n, m = 200, 198, 3
S = np.array([[100, 60, 55], [60, 110, 70], [55, 70, 120.0]])
Lc = np.linalg.cholesky(S)
rows = []
Y = np.full((nt, n, m), np.nan)
C = np.zeros((nt, n, 7))
for t in range(nt):
    arm = rng.permutation(np.repeat([0, 1], n // 2))
    site = rng.integers(1, 5, n)
    dx = rng.integers(1, 4, n)
    mu = 50 + 1.5 * site - 3 * (dx == 1) + rng.standard_normal((n, m)).dot(Lc.T).T
    y = mu.T + np.array([0, -2, -3.0]) + arm[:, None] * np.array([-1, -3, -4.0])
    u = rng.random(n)
    y[u < 0.20, 2] = np.nan
    y[u < 0.10, 1] = np.nan
    g = rng.random((n, m)) < 0.02
    g[:, 0] &= u >= 0.1
    y[g] = np.nan
    Y[t] = y
    C[t] = np.column_stack([np.ones(n), arm] + [site == k for k in (2, 3, 4)] + [dx == k for k in (2, 3)])
    for i in range(n):
        for a in range(m):
            rows.append((t + 1, i + 1, int(arm[i]), int(site[i]), int(dx[i]), a + 1, y[i, a]))
d = pd.DataFrame(rows, columns=["trial", "id", "arm", "site", "dx", "visit", "y"])
d.to_csv("./data/sim200.csv", index=False)
np.savez("./data/sim200.npz", C=C, Y=Y)
print(d.y.isna().groupby(d.visit).mean(), [len(np.unique(~np.isnan(Y[t]) @ (1 << np.arange(m)))) for t in range(5)])
