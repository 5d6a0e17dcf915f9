"""Addresses under /plan/: the coordinator's day, the queue, the choice by hand, the board."""

from django.urls import path

from planning.web import advice, board, candidates, queue, runs, tasks, today

app_name = "planning"
urlpatterns = [
    path("", today.today, name="today"),
    path("zadachi/<uuid:pk>/", tasks.task, name="task"),
    path("zayavki/", queue.queue, name="queue"),
    path("zayavki/<uuid:pk>/kandidati/", candidates.candidates, name="candidates"),
    path("zayavki/<uuid:pk>/izbor/", candidates.choose, name="choose"),
    path("grafik/", board.board, name="board"),
    path("planirai/", runs.plan_now, name="plan_now"),
    path("savet/", advice.advise_now, name="advise_now"),
    path("krag/", runs.progress, name="progress"),
]
