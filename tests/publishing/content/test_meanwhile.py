"""What happens on the pages of texts when somebody else has saved something meanwhile: nothing typed or ticked is lost."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from clair_portal.publishing.models import PublishedText, Translation
from tests.conftest import WebClient
from tests.publishing.content import along

Browse = Callable[..., WebClient]


@pytest.fixture
def spring(cast: SimpleNamespace) -> Translation:
    along.linguists(cast, london="translate", newyork="review")
    return along.begin(cast, along.item(cast))


def test_only_the_version_that_was_seen_is_released(cast: SimpleNamespace, browse: Browse, spring: Translation) -> None:
    hq, item = browse("hq_officer"), spring.item
    url = f"/desk/texts/{item.pk}/ja/release/"
    assert '<input type="hidden" name="seen" value="1">' in hq.get(f"/desk/texts/{item.pk}/").content.decode()
    along.edit(cast, item, along.BODY.replace("20名", "30名"))
    late = hq.post(url, {"seen": 1})
    assert late.status_code == 422
    assert "このページを開いた後に第2版が保存されました。何も公開していません。" in late.content.decode()
    assert '<input type="hidden" name="seen" value="2">' in late.content.decode()
    assert hq.post(url).status_code == 422
    assert not PublishedText.objects.exists()
    assert hq.post(url, {"seen": 2}).status_code == 302
    assert PublishedText.objects.get().source_version == 2
