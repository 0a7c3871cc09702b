"""Words by which a text is told again in other words, without a fact of their own.

The list was read off what people add when they write the points of a brief: verbs that report or
introduce, and words that count and link. What accuses, denies, kills, wins, names, dates, compares
or gives a cause is not in it, as that is news.
"""

from __future__ import annotations

from mujaz.domain.stems import fold, stem

_RETELLING_WORDS = """
    قال قالت قالوا يقول تقول قائلا قائلة ذكر ذكرت أكد أكدت مؤكدا مؤكدة أفاد أفادت أعلن أعلنت إعلان
    أوضح أوضحت موضحا أضاف أضافت مضيفا أشار أشارت مشيرا مشيرة إشارة تابع شدد مشددا رأى يرى ترى
    اعتبر اعتبرت معتبرا معتبرة وصف وصفت واصفا وصفه بوصفه لفت لافتا صرح صرحت تصريح تصريحات تحدث
    أعرب أعربت جاء جاءت وجاء ورد وردت بات باتت أصبح أصبحت يصبح يعد تعد شهد شهدت تشهد جرى
    بلغ بلغت يبلغ تبلغ البالغ البالغة شمل شملت يشمل تشمل شاملا يضم تضم بينهم بينها بينهما
    نحو بنحو حوالي عدد عددهم قدره قدرها قيمته قيمتها
    بعدما بهدف بشأن أثناء بموجب بواقع مقابل إثر عقب باسم معه معها أيضا إضافة كذلك إياه إياها
"""

RETELLING_STEMS = frozenset(stem(word) for word in fold(_RETELLING_WORDS).split())
