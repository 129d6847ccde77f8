# Excerpt: nlme::gls cross-check of the unstructured model; d is fev.csv without missing FEV1, v the number of the visit.
# gls cross-check of the unstructured MMRM
d <- rd("fev.csv"); d <- d[!is.na(d$FEV1),]; d$v <- as.integer(d$AVISIT); d$ARMCD <- relevel(d$ARMCD,"PBO"); d$RACE <- factor(d$RACE, levels=c("Asian","Black or African American","White")); d$SEX <- factor(d$SEX, levels=c("Male","Female"))
df_ <- d; g <- gls(FEV1 ~ RACE + SEX + ARMCD*AVISIT, d, correlation=corSymm(form=~v|USUBJID), weights=varIdent(form=~1|AVISIT), control=glsControl(msTol=1e-14, tolerance=1e-12, msMaxIter=1000, opt="nlminb"))
jw(list(versions=vers("nlme"), logLik_REML=as.numeric(logLik(g)), beta=nv(coef(g)), vcov=mat(vcov(g)), note="nlme::gls REML logLik"), "gls_fev_us.json"); cat("gls", logLik(g), "\n")
