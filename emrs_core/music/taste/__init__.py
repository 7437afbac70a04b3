"""What is learned of one person: their taste in songs, how they feel beside what their face says, how to read it.

``feedback`` and ``events`` are the words, ``store`` keeps them, ``profile`` is the door for everybody else. The rest is
arithmetic: ``model`` (taste), ``offset`` (mood), ``correction`` (reading of the face). docs/recommender.md explains it.
"""
