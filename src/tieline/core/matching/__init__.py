"""Who is who: comparing, weighing, choosing."""
