"""PostgreSQL's btree_gist, which the rule against overlapping seats stands on; nothing on SQLite."""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [BtreeGistExtension()]
