"""The judgement of dossiers: on time, late, within term. One definition for single values and for arrays. Pure."""
